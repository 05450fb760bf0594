// The stored words of the enumerators of settings and AI control.
#include <algorithm>
#include <array>
#include <string_view>

#include "backend/service/ports/ai_controls.hpp"
#include "backend/service/ports/setting_requests.hpp"

namespace v2x::service {
namespace {

constexpr std::array<std::string_view, 2> kActs{"read", "write"};
constexpr std::array<std::string_view, 6> kStates{"queued", "sent", "done", "refused", "timeout", "cancelled"};
constexpr std::array<std::string_view, 4> kAuthors{"owner", "dealer", "ai", "device"};
constexpr std::array<std::string_view, 3> kDecisions{"none", "planned", "no_forecast"};

template <class Enum, size_t N>
std::string word_of(const std::array<std::string_view, N>& words, Enum value) {
  return std::string(words.at(static_cast<size_t>(value)));
}

/// A word that the database's CHECK lets through.
template <class Enum, size_t N>
Enum value_of(const std::array<std::string_view, N>& words, const std::string& word) {
  return static_cast<Enum>(std::find(words.begin(), words.end(), word) - words.begin());
}

}  // namespace

std::string to_string(SettingAct act) {
  return word_of(kActs, act);
}
SettingAct setting_act(const std::string& word) {
  return value_of<SettingAct>(kActs, word);
}

std::string to_string(RequestState state) {
  return word_of(kStates, state);
}
RequestState request_state(const std::string& word) {
  return value_of<RequestState>(kStates, word);
}
bool is_final(RequestState state) {
  return state != RequestState::queued && state != RequestState::sent;
}

std::string to_string(SettingAuthor author) {
  return word_of(kAuthors, author);
}
SettingAuthor setting_author(const std::string& word) {
  return value_of<SettingAuthor>(kAuthors, word);
}

std::string to_string(NightDecision decision) {
  return word_of(kDecisions, decision);
}
NightDecision night_decision(const std::string& word) {
  return value_of<NightDecision>(kDecisions, word);
}

}  // namespace v2x::service
