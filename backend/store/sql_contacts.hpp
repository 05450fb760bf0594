// Maintenance contacts in SQL.
#pragma once

#include <soci/soci.h>

#include "backend/service/ports/contacts.hpp"
#include "backend/service/registry.hpp"

namespace v2x::store {

class SqlContacts final : public service::Contacts {
 public:
  SqlContacts(soci::session& session, const service::Transaction& transaction)
      : session_(session), transaction_(transaction) {}

  std::vector<service::Contact> of_dealer(int dealer_id) override;
  std::optional<service::Contact> find(std::int64_t id) override;
  std::int64_t add(const service::Contact& contact) override;
  void update(const service::Contact& contact) override;
  void note_delivery(const std::string& mail, bool delivered, int most) override;
  void remove(std::int64_t id) override;

 private:
  std::vector<service::Contact> where(const std::string& condition, long long value);

  soci::session& session_;
  const service::Transaction& transaction_;
};

}  // namespace v2x::store
