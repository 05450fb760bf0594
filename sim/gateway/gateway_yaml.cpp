#include "sim/gateway/gateway_yaml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "common/time_of_day.hpp"
#include "sim/gateway/settings_table.hpp"

namespace v2x::gateway {
namespace {

constexpr std::array kContracts{30, 40, 50, 60, 75, 100};  // A: agreementAmpere of the settings form

Duration period(const yaml::Node& node, std::chrono::seconds least, std::chrono::seconds most) {
  const Duration value = node.duration();
  if (value < least || value > most)
    node.refuse(fmt::format("'{}' is out of range, expected {} s to {} s", node.text(), least.count(), most.count()));
  return value;
}

double degrees(const yaml::Node& node, double least, double most) {
  const double value = node.measure("deg");
  if (value < least || value > most)
    node.refuse(fmt::format("'{}' is out of range, expected {} deg to {} deg", node.text(), least, most));
  return value;
}

/// In Japan, as its time is.
Place read_place(const yaml::Node& node) {
  node.allow_only({"latitude", "longitude"});
  return {degrees(node.at("latitude"), 20, 46), degrees(node.at("longitude"), 122, 154)};
}

double contract(const yaml::Node& node) {
  const double amperes = node.measure("A");
  for (const int allowed : kContracts)
    if (amperes == allowed) return amperes;
  node.refuse("'" + node.text() + "' is no contract, expected 30 A, 40 A, 50 A, 60 A, 75 A or 100 A");
}

/// As the gateway leaves the factory, by the names of the settings form.
void read_settings(const yaml::Node& node, EnergySettings& settings) {
  std::vector<NamedSetting> values;
  for (const auto& [name, value] : node.entries()) values.push_back({name, value.text()});
  const auto changed = with_settings(settings, values, Time{});
  if (!changed) node.refuse(changed.error().message);
  settings = *changed;
}

void read_mode(const yaml::Node& node, EnergySettings& settings) {
  const auto changed = with_settings(settings, {{"operatingMode", node.text()}}, Time{});
  if (!changed) node.refuse(changed.error().message);
  settings = *changed;
}

void read_poll(const yaml::Node& node, PollSettings& poll) {
  using namespace std::chrono_literals;
  node.allow_only({"meter", "ev", "pv"});
  if (node.has("meter")) poll.meter_period = period(node.at("meter"), 1s, 60s);
  if (node.has("ev")) poll.ev_period = period(node.at("ev"), 1s, 60s);
  if (node.has("pv")) poll.pv_period = period(node.at("pv"), 1s, 60s);
}

int read_spool_days(const yaml::Node& node) {
  node.allow_only({"days"});
  const auto days = node.at("days").integer();
  constexpr std::int64_t kLongest = 3660;
  if (days < 1 || days > kLongest) node.at("days").refuse("expected 1 to 3660 days");
  return static_cast<int>(days);
}

int read_slot(const yaml::Node& node) {
  const auto since_midnight = parse_time_of_day(node.text());
  if (!since_midnight || *since_midnight % OutputControl::kSlot != Duration::zero())
    node.refuse("'" + node.text() + "' begins no half-hour, expected like 09:00 or 09:30");
  return static_cast<int>(*since_midnight / OutputControl::kSlot);
}

/// `{"09:00": 40 %, "15:30": 100 %}`: each limit holds until the next one, before the first there is none.
std::array<int, OutputControl::kSlots> read_limits(const yaml::Node& node) {
  std::array<int, OutputControl::kSlots> limits;
  limits.fill(100);
  int last = -1;
  for (const auto& [time, limit] : node.entries()) {
    const int slot = read_slot(node.key(time));
    if (slot <= last) node.key(time).refuse("'" + time + "' is out of order, expected a time after the one before it");
    const double percent = limit.measure("%");
    if (percent < 0 || percent > 100 || percent != std::floor(percent))
      limit.refuse("'" + limit.text() + "' is no limit, expected whole percent from 0 % to 100 %");
    std::fill(limits.begin() + slot, limits.end(), static_cast<int>(percent));
    last = slot;
  }
  return limits;
}

OutputControl read_output_control(const yaml::Node& node) {
  node.allow_only({"limits", "export_only", "rated"});
  OutputControl control;
  control.limit_pct = read_limits(node.at("limits"));
  if (node.has("export_only")) control.export_only = node.at("export_only").boolean();
  if (!node.has("rated") && !control.export_only) return control;
  control.rated_w = node.at("rated").measure("W");
  if (control.rated_w <= 0)
    node.at("rated").refuse("'" + node.at("rated").text() + "' is no rating, expected above 0 W");
  return control;
}

/// What a gateway has wherever it runs.
GatewayConfig read_common(const yaml::Node& node) {
  using namespace std::chrono_literals;
  GatewayConfig config;
  config.id = node.at("id").text();
  config.model = node.at("model").text();
  config.serial = node.at("serial").text();
  config.energy.contract_a = contract(node.at("contract"));
  if (node.has("mode")) read_mode(node.at("mode"), config.energy);
  if (node.has("settings")) read_settings(node.at("settings"), config.energy);
  if (node.has("spool")) config.spool_days = read_spool_days(node.at("spool"));
  if (node.has("report_period")) config.report_period = period(node.at("report_period"), 1s, 3600s);
  if (node.has("poll")) read_poll(node.at("poll"), config.poll);
  if (node.has("output_control")) config.output_control = read_output_control(node.at("output_control"));
  return config;
}

}  // namespace

GatewayConfig read_gateway(const yaml::Node& node) {
  node.allow_only({"id", "password", "model", "serial", "contract", "external", "mode", "settings", "spool",
                   "report_period", "poll", "output_control"});
  GatewayConfig config = read_common(node);
  config.password = node.at("password").text();
  if (node.has("external")) config.external = node.at("external").boolean();
  return config;
}

GatewayConfig read_own_gateway(const yaml::Node& node) {
  node.allow_only({"id", "model", "serial", "contract", "mode", "settings", "spool", "report_period", "poll",
                   "output_control", "pv_sleeps_at"});
  GatewayConfig config = read_common(node);
  if (node.has("pv_sleeps_at")) config.sleeps_at = read_place(node.at("pv_sleeps_at"));
  return config;
}

}  // namespace v2x::gateway
