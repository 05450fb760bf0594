// The words under which enumerators are stored, sent and shown.
#include <algorithm>
#include <array>
#include <string_view>

#include "backend/service/ports/alarms.hpp"
#include "backend/service/ports/outbox.hpp"

namespace v2x::service {

namespace {

constexpr std::array<std::string_view, 15> kDecisions{
    "queued", "held_cleared", "unlinked",     "no_contact", "unverified", "opted_out", "no_owner", "released",
    "late",   "duplicate",    "rate_limited", "sent",       "deferred",   "failed",    "expired"};

}  // namespace

std::string to_string(MailDecision decision) {
  return std::string(kDecisions.at(static_cast<size_t>(decision)));
}

std::optional<MailDecision> mail_decision(const std::string& word) {
  const auto found = std::find(kDecisions.begin(), kDecisions.end(), word);
  if (found == kDecisions.end()) return std::nullopt;
  return static_cast<MailDecision>(found - kDecisions.begin());
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
