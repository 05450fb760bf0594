#include "backend/service/alarm_audience.hpp"

#include "backend/service/text_rules.hpp"

namespace v2x::service {

std::optional<MailDecision> refusal(const Listener& listener, const std::string& kind) {
  if (listener.mail.empty()) return MailDecision::no_contact;
  if (!listener.verified) return MailDecision::unverified;
  const bool about_silence = kind == "M-32" || kind == "M-33";
  const bool wants = about_silence ? listener.wants_offline : listener.wants_faults;
  if (!wants) return MailDecision::opted_out;
  return std::nullopt;
}

std::optional<MailDecision> refusal(Transaction& tx, const AlarmMail& mail) {
  const auto audience = tx.audiences().of(mail.gateway_id);
  if (!audience || (mail.ownership_id && *mail.ownership_id != audience->ownership_id)) return MailDecision::released;
  MailDecision reason = MailDecision::unlinked;
  for (const Listener& listener : audience->listeners) {
    if (lower_ascii(listener.mail) != lower_ascii(mail.to)) continue;
    const auto refused = refusal(listener, mail.kind);
    if (!refused) return std::nullopt;  // one of those who have this address may hear of it
    reason = *refused;
  }
  return reason;
}

}  // namespace v2x::service
