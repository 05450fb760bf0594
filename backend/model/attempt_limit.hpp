// How often something may be tried before it is refused for a while (SEC-07, SEC-09, GW-05, LINK-01).
#pragma once

#include <optional>
#include <vector>

#include "common/clock.hpp"

namespace v2x::model {

/// After `most` attempts within `window` no other is taken for `pause` after the last one; without a pause, until the
/// oldest of them leaves the window.
struct AttemptLimit {
  int most = 0;
  Duration window{};
  Duration pause{};
};

/// When the next attempt may be made. `newest`: the times of the latest attempts, newest first; more than `most` are
/// not looked at.
std::optional<Time> blocked_until(const AttemptLimit& limit, const std::vector<Time>& newest);

}  // namespace v2x::model
