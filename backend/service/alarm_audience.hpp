// Who may hear of an alarm: asked when its mail falls due, and again when it is handed to the mail server (ALARM-06).
#pragma once

#include <optional>
#include <string>

#include "backend/service/ports/audience.hpp"
#include "backend/service/ports/outbox.hpp"
#include "backend/service/registry.hpp"

namespace v2x::service {

/// Why this listener gets no such mail; nullopt when it does. `kind`: M-30 … M-33.
std::optional<MailDecision> refusal(const Listener& listener, const std::string& kind);

/// A mail about a gateway, in the ownership period that its news belongs to.
struct AlarmMail {
  std::string kind;
  std::string gateway_id;
  std::optional<std::int64_t> ownership_id;
  std::string to;
};
/// Why it may not go to this address now; nullopt when it may.
std::optional<MailDecision> refusal(Transaction& tx, const AlarmMail& mail);

}  // namespace v2x::service
