// Episodes of faults: raised, clearing, closed. Their rules are in backend/service/alarm_service.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"

namespace v2x::service {

enum class EpisodeState {
  open,      ///< the fault stands
  clearing,  ///< it went away, and may come back
  closed,
};
std::string to_string(EpisodeState state);
EpisodeState episode_state(const std::string& word);

/// One fault of one unit in one ownership period.
struct EpisodeKey {
  std::string gateway_id;
  std::optional<std::int64_t> ownership_id;  ///< absent: nobody owned the gateway when it was raised
  int unit_no = 0;                           ///< 0 = the gateway
  std::string code;
};

/// From its first raise until it stayed away.
struct Episode : EpisodeKey {
  std::int64_t id = 0;
  EpisodeState state = EpisodeState::open;
  std::string cause;   ///< of its mails; grid episodes of one moment share it
  std::string detail;  ///< "120.3 V, limit 115.0 V"
  Time raised_at{};
  Time received_at{};
  std::optional<Time> cleared_at;
  std::optional<Time> mail_due_at;  ///< absent: decided, or never to be mailed
  std::optional<Time> closes_at;    ///< while clearing
  int flaps = 0;
  bool told = false;  ///< who hears of it has been decided
};

class Alarms {
 public:
  virtual ~Alarms() = default;

  /// The episode of this key that is not closed.
  virtual std::optional<Episode> active(const EpisodeKey& key) = 0;
  /// Those gateways that have an episode of this code that is not closed.
  virtual std::vector<std::string> with_active(const std::string& code,
                                               const std::vector<std::string>& gateway_ids) = 0;
  virtual std::int64_t add(const Episode& episode) = 0;  ///< gives its id
  virtual void update(const Episode& episode) = 0;       ///< all but key and times of raise and receipt

  /// The first episode of this gateway, ownership and code (any unit) that was raised in [from, until].
  virtual std::optional<Episode> raised_between(const EpisodeKey& key, Time from, Time until) = 0;
  virtual std::vector<Episode> of_cause(const std::string& cause) = 0;

  virtual std::optional<Time> next_mail_due() = 0;
  virtual std::vector<Episode> mail_due(Time now) = 0;
  virtual std::optional<Time> next_closing() = 0;
  virtual std::vector<Episode> closing_due(Time now) = 0;

  /// Open, newest first: what the home page and the dealer's list show.
  virtual std::vector<Episode> standing(const std::string& gateway_id, std::int64_t ownership_id) = 0;
  virtual std::vector<Episode> history(const std::string& gateway_id, std::int64_t ownership_id, int limit,
                                       int offset) = 0;
  /// Open or clearing, of this ownership.
  virtual std::vector<Episode> active_of(std::int64_t ownership_id) = 0;
};

}  // namespace v2x::service
