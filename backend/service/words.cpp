// The words under which enumerators are stored, sent and shown.
#include <array>

#include "backend/service/ports/alarms.hpp"
#include "backend/service/ports/outbox.hpp"

namespace v2x::service {

std::string to_string(MailDecision decision) {
  constexpr std::array kWords{"queued",       "held_cleared", "unlinked", "no_contact", "unverified",
                              "opted_out",    "no_owner",     "released", "late",       "duplicate",
                              "rate_limited", "sent",         "deferred", "failed",     "expired"};
  return kWords.at(static_cast<size_t>(decision));
}

std::string to_string(EpisodeState state) {
  constexpr std::array kWords{"open", "clearing", "closed"};
  return kWords.at(static_cast<size_t>(state));
}

EpisodeState episode_state(const std::string& word) {
  if (word == "open") return EpisodeState::open;
  return word == "clearing" ? EpisodeState::clearing : EpisodeState::closed;
}

}  // namespace v2x::service
