// Episodes of faults: raised, clearing, closed. The rules are in backend/service/alarm_rules.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"

namespace v2x::service {

enum class EpisodeState { open, clearing, closed };
std::string to_string(EpisodeState state);

/// One fault of one unit in one ownership period, from its first raise until it stayed away.
struct Episode {
  std::int64_t id = 0;
  std::optional<std::int64_t> ownership_id;  ///< absent: nobody owned the gateway when it was raised
  std::string gateway_id;
  int unit_no = 0;  ///< 0 = the gateway
  std::string code;
  EpisodeState state = EpisodeState::open;
  std::string cause;   ///< of its mails; grid episodes of one moment share it
  std::string detail;  ///< "120.3 V, limit 115.0 V"
  Time raised_at{};
  Time received_at{};
  std::optional<Time> cleared_at;
  std::optional<Time> mail_due_at;  ///< absent: decided, or never to be mailed
  std::optional<Time> closes_at;    ///< while clearing
  int flaps = 0;
};

class Alarms {
 public:
  virtual ~Alarms() = default;

  /// The episode of this key that is not closed.
  virtual std::optional<Episode> active(const std::string& gateway_id, std::optional<std::int64_t> ownership_id,
                                        int unit_no, const std::string& code) = 0;
  /// Gives it an id.
  virtual std::int64_t add(const Episode& episode) = 0;
  virtual void update(const Episode& episode) = 0;

  /// The episode, not closed for longer than `within`, of this gateway, ownership and code that was raised last in
  /// [from, until]; for sharing a mail.
  virtual std::optional<Episode> raised_between(const std::string& gateway_id, std::optional<std::int64_t> ownership_id,
                                                const std::string& code, Time from, Time until) = 0;
  virtual std::vector<Episode> of_cause(const std::string& cause) = 0;

  virtual std::optional<Time> next_mail_due() = 0;
  virtual std::vector<Episode> mail_due(Time now) = 0;
  virtual std::optional<Time> next_closing() = 0;
  virtual std::vector<Episode> closing_due(Time now) = 0;

  /// Not closed, of the given ownership, newest first: what home page and dealer list show.
  virtual std::vector<Episode> standing(const std::string& gateway_id, std::int64_t ownership_id) = 0;
  virtual std::vector<Episode> history(const std::string& gateway_id, std::int64_t ownership_id, int limit,
                                       int offset) = 0;
  /// Closes everything of this ownership without a mail (release, GW-10).
  virtual void release(std::int64_t ownership_id) = 0;
};

}  // namespace v2x::service
