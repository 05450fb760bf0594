// Decides what becomes of requests that are answered by mail. The page that took one has answered long before, the same
// for every address (SEC-06).
#pragma once

#include "backend/service/duty.hpp"
#include "backend/service/ports/mail_requests.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/settings.hpp"

namespace v2x::service {

class MailRequestDuty final : public Duty {
 public:
  MailRequestDuty(Registry& registry, const Settings& settings) : registry_(registry), settings_(settings) {}

  /// A request is due when it is made.
  std::optional<Time> next_due() override;
  /// Each request in one transaction with all that it causes (REG-21).
  void run(Time now) override;

 private:
  void decide(Transaction& tx, const MailRequest& request) const;
  void registration(Transaction& tx, const MailRequest& request) const;

  Registry& registry_;
  const Settings& settings_;
};

}  // namespace v2x::service
