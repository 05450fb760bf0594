#include "backend/model/attempt_limit.hpp"

namespace v2x::model {

std::optional<Time> blocked_until(const AttemptLimit& limit, const std::vector<Time>& newest) {
  const auto most = static_cast<size_t>(limit.most);
  if (newest.size() < most) return std::nullopt;
  const Time last = newest.front(), first = newest[most - 1];
  if (last - first >= limit.window) return std::nullopt;
  return limit.pause > Duration{} ? last + limit.pause : first + limit.window;
}

}  // namespace v2x::model
