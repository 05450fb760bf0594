// Giving a gateway back: the end of an ownership period and of all that hangs on it (GW-10).
#pragma once

#include <string>

#include "backend/model/account.hpp"
#include "backend/service/access.hpp"
#include "backend/service/alarm_service.hpp"
#include "backend/service/form.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/settings.hpp"

namespace v2x::service {

/// Who released a gateway, for the audit log.
struct ReleasedBy {
  std::string actor;
  std::string address;
};

/// Inside of a transaction: ends the period, its links (M-08 to each dealer) and its alarms, and tells the owner
/// (M-10). For the owner's own act, the closing of an account, and the operator.
void end_ownership(Transaction& tx, const AlarmService& alarms, const OwnedGateway& gateway, const ReleasedBy& by);

/// Thread-safe. A gateway that isn't the account's is the error "not_found", a full password pool "busy".
class Releasing {
 public:
  Releasing(Registry& registry, Access& access, const AlarmService& alarms, const Settings& settings)
      : registry_(registry), access_(access), alarms_(alarms), settings_(settings) {}

  /// 「解除」 of R34. Errors beside fields, or none. Done, too, when this browser did it already.
  Result<FieldErrors> submit(const model::Account& account, const std::string& session_token,
                             const std::string& gateway_id, const Form& posted, const Caller& caller);
  /// Whether R35 has something to say.
  bool has_released(const std::string& session_token);

 private:
  Registry& registry_;
  Access& access_;
  const AlarmService& alarms_;
  const Settings& settings_;
};

}  // namespace v2x::service
