#include "sim/house/usage_yaml.hpp"

#include "common/jst.hpp"

namespace v2x::house {
namespace {

using yaml::Node;

constexpr Duration kDay = std::chrono::hours(24);

/// "08:00", since midnight.
void read_time_of_day(const Node& node, const char* key, Duration& time) {
  if (!node.has(key)) return;
  const auto instant = parse_time("1970-01-01T" + node.at(key).text() + ":00");
  if (!instant) node.at(key).refuse("'" + node.at(key).text() + "' is no time of day, expected like 08:00");
  time = *instant - jst_midnight(*instant);
}

void read_spread(const Node& node, const char* key, Duration& spread) {
  if (!node.has(key)) return;
  spread = node.at(key).duration();
  if (spread < Duration::zero() || spread > std::chrono::hours(6)) node.at(key).refuse("expected 0 s to 6 h");
}

void read_share(const Node& node, const char* key, double& share) {
  if (!node.has(key)) return;
  const double percent = node.at(key).measure("%");
  if (percent < 0 || percent > 100) node.at(key).refuse("expected 0 to 100 %");
  share = percent / 100;
}

void read_energy(const Node& node, const char* key, double& wh) {
  if (!node.has(key)) return;
  wh = node.at(key).measure("Wh");
  if (wh < 0) node.at(key).refuse("expected 0 Wh or more");
}

/// A trip begins and ends on its own day, whatever is drawn.
void check_order(const Node& node, Duration depart, Duration back, const plant::DriverConfig& usage) {
  if (depart - usage.depart_spread < Duration::zero() || depart + usage.depart_spread >= back - usage.back_spread ||
      back + usage.back_spread + usage.plugged_within >= kDay)
    node.refuse("a trip does not fit into its day, expected the return after the departure, spreads included");
}

}  // namespace

plant::DriverConfig read_usage(const Node& node) {
  plant::DriverConfig usage;
  if (node.is_scalar()) {
    node.word({"commuter"}, "usage of a car");
    return usage;
  }
  node.allow_only({"depart", "return", "weekend_depart", "weekend_return", "depart_spread", "return_spread",
                   "weekend_share", "trip", "trip_spread", "least_trip", "plugged_share", "plugged_within"});
  read_time_of_day(node, "depart", usage.depart);
  read_time_of_day(node, "return", usage.back);
  read_time_of_day(node, "weekend_depart", usage.weekend_depart);
  read_time_of_day(node, "weekend_return", usage.weekend_back);
  read_spread(node, "depart_spread", usage.depart_spread);
  read_spread(node, "return_spread", usage.back_spread);
  read_spread(node, "plugged_within", usage.plugged_within);
  read_share(node, "weekend_share", usage.weekend_share);
  read_share(node, "plugged_share", usage.plugged_share);
  read_energy(node, "trip", usage.trip_wh);
  read_energy(node, "trip_spread", usage.trip_spread_wh);
  read_energy(node, "least_trip", usage.least_trip_wh);
  check_order(node, usage.depart, usage.back, usage);
  check_order(node, usage.weekend_depart, usage.weekend_back, usage);
  return usage;
}

}  // namespace v2x::house
