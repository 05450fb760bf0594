#include "backend/app/happenings.hpp"

#include "common/jst.hpp"

namespace v2x::app {

void Happenings::add(Time t, const std::vector<service::Happening>& happenings) {
  const std::lock_guard lock(mutex_);
  for (const auto& happening : happenings) {
    Json json{{"what", happening.what}, {"t", format_time(t)}};
    for (const auto& [name, value] : happening.members)
      std::visit([&json, &key = name](const auto& word) { json[key] = word; }, value);
    waiting_.push_back(std::move(json));
  }
}

Json Happenings::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(waiting_, Json::array());
}

}  // namespace v2x::app
