// Provisional registrations in SQL.
#pragma once

#include <soci/soci.h>

#include "backend/service/ports/registrations.hpp"
#include "backend/service/registry.hpp"

namespace v2x::store {

class SqlRegistrations final : public service::Registrations {
 public:
  SqlRegistrations(soci::session& session, const service::Transaction& transaction)
      : session_(session), transaction_(transaction) {}

  std::optional<service::PendingRegistration> pending(std::int64_t id) override;
  std::optional<service::PendingRegistration> pending_of_mail(model::AccountKind kind,
                                                              const std::string& mail) override;
  std::int64_t add(const service::PendingRegistration& registration) override;
  void mailed(std::int64_t id, Time expires) override;
  void complete(std::int64_t id) override;
  void drop_reservation(const std::string& gateway_id) override;
  std::optional<Time> oldest_expiry() override;
  void forget_expired_by(Time limit) override;

 private:
  /// Ends a pending registration that a newer one or a claim took the place of; its URLs become unknown.
  void replace(long long id);

  soci::session& session_;
  const service::Transaction& transaction_;
};

}  // namespace v2x::store
