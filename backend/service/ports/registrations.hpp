// Provisional accounts: a form that waits for its mail's URL, and the gateway that it reserves.
#pragma once

#include <optional>
#include <string>

#include "backend/model/account.hpp"
#include "backend/service/form.hpp"
#include "common/clock.hpp"

namespace v2x::service {

struct PendingRegistration {
  std::int64_t id = 0;
  model::AccountKind kind = model::AccountKind::customer;
  Form form;       ///< without passwords
  int mails = 0;   ///< how many times its URL was mailed
  Time expires{};  ///< when the newest URL dies
};

class Registrations {
 public:
  virtual ~Registrations() = default;

  virtual std::optional<PendingRegistration> pending(std::int64_t id) = 0;
  virtual std::optional<PendingRegistration> pending_of_mail(model::AccountKind kind, const std::string& mail) = 0;
  /// Gives it an id. Whatever waited for the same address or reserved the same gateway is replaced by it.
  virtual std::int64_t add(const PendingRegistration& registration) = 0;
  /// Counts one more mail and moves the expiry.
  virtual void mailed(std::int64_t id, Time expires) = 0;
  virtual void complete(std::int64_t id) = 0;
  /// A claim replaces any reservation of the gateway (GW-04).
  virtual void drop_reservation(const std::string& gateway_id) = 0;

  /// When the URL of the oldest one died or dies.
  virtual std::optional<Time> oldest_expiry() = 0;
  /// Deletes those whose URL died at `limit` or before, with their tokens.
  virtual void forget_expired_by(Time limit) = 0;
};

}  // namespace v2x::service
