// Requests that are answered by mail, in SQL.
#pragma once

#include <soci/soci.h>

#include "backend/service/ports/mail_requests.hpp"
#include "backend/service/registry.hpp"

namespace v2x::store {

class SqlMailRequests final : public service::MailRequests {
 public:
  SqlMailRequests(soci::session& session, const service::Transaction& transaction)
      : session_(session), transaction_(transaction) {}
  void add(service::RequestKind kind, model::AccountKind account_kind, const service::Form& form) override;
  std::optional<service::MailRequest> oldest() override;
  void remove(std::int64_t id) override;

 private:
  soci::session& session_;
  const service::Transaction& transaction_;
};

}  // namespace v2x::store
