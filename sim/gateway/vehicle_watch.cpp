#include "sim/gateway/vehicle_watch.hpp"

#include <fmt/format.h>

#include <sstream>

namespace v2x::gateway {

void VehicleWatch::on_poll(std::int64_t time_ms, std::uint32_t unit_no, const Readings& readings,
                           std::vector<telemetry::Event>& events) {
  const auto plug = readings.word<Plug>(Reading::plug);
  if (!plug) return;
  const bool plugged = *plug != Plug::unplugged;
  const auto known = plugged_.try_emplace(unit_no, plugged).first;
  if (known->second == plugged) return;
  known->second = plugged;
  telemetry::Event& event = events.emplace_back();
  event.set_time_ms(time_ms);
  event.set_unit_no(unit_no);
  event.set_kind(plugged ? telemetry::EVENT_KIND_VEHICLE_PLUGGED : telemetry::EVENT_KIND_VEHICLE_UNPLUGGED);
}

std::string VehicleWatch::text() const {
  std::string text;
  for (const auto& [unit_no, plugged] : plugged_) text += fmt::format("{} {}\n", unit_no, plugged ? 1 : 0);
  return text;
}

void VehicleWatch::restore(std::string_view text) {
  std::istringstream lines{std::string(text)};
  std::uint32_t unit_no = 0;
  int plugged = 0;
  while (lines >> unit_no >> plugged) plugged_[unit_no] = plugged != 0;
}

}  // namespace v2x::gateway
