// How the mail sink behaves, when it is to be no good mail server.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace v2x::actors {

enum class SmtpKind {
  up,
  down,             ///< connections are refused
  refuse_4xx,       ///< every recipient, for now
  refuse_5xx,       ///< every recipient, for good
  drop_after_data,  ///< keeps the mail and hangs up before its 250
  slow,             ///< takes connections and says nothing
};

inline constexpr std::array<std::string_view, 6> kSmtpKinds{
    "up", "down", "refuse_4xx", "refuse_5xx", "drop_after_data", "slow"};

inline std::optional<SmtpKind> smtp_kind(std::string_view word) {
  const auto found = std::find(kSmtpKinds.begin(), kSmtpKinds.end(), word);
  if (found == kSmtpKinds.end()) return std::nullopt;
  return static_cast<SmtpKind>(found - kSmtpKinds.begin());
}

struct SmtpConduct {
  SmtpKind kind = SmtpKind::up;
  std::string to{};            ///< only mails to this address; empty: all
  std::optional<int> times{};  ///< so many mails, then up again

  /// Whether this mail meets it; a mail that does is counted.
  bool meets(SmtpKind asked, const std::vector<std::string>& recipients) {
    if (kind != asked || times == 0) return false;
    if (!to.empty() && std::find(recipients.begin(), recipients.end(), to) == recipients.end()) return false;
    if (times) --*times;
    return true;
  }
};

}  // namespace v2x::actors
