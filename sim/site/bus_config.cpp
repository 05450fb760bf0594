#include "sim/site/bus_config.hpp"

#include <fmt/format.h>

#include "sim/core/serial_device.hpp"

namespace v2x::site {
namespace {

using namespace std::chrono_literals;

constexpr Duration kRtuLeast = 20ms;  // turn-around on a serial line: default, configurable
constexpr Duration kRtuMost = 100ms;  // default, configurable
constexpr std::int64_t kMostConnections = 64;

Duration duration_within(const yaml::Node& node, Duration least, Duration most) {
  const Duration value = node.duration();
  if (value < least || value > most) node.refuse("'" + node.text() + "' is out of range");
  return value;
}

void read_turn_around(const yaml::Node& node, core::BusOptions& bus) {
  node.allow_only({"min", "max"});
  bus.turnaround_least = duration_within(node.at("min"), 0ms, 60s);
  bus.turnaround_most = node.has("max") ? duration_within(node.at("max"), 0ms, 60s) : bus.turnaround_least;
  if (bus.turnaround_most < bus.turnaround_least) node.at("max").refuse("'max' is below 'min'");
}

void read_tcp(const yaml::Node& node, BusConfig& bus) {
  node.allow_only({"ports", "turn_around", "max_connections", "idle", "silent_after_connect", "bridge"});
  if (node.has("ports")) bus.port_per_unit = node.at("ports").word({"site", "unit"}, "choice of ports") == "unit";
  if (node.has("turn_around")) read_turn_around(node.at("turn_around"), bus.tcp);
  if (node.has("max_connections")) {
    const auto most = node.at("max_connections").integer();
    if (most < 1 || most > kMostConnections)
      node.at("max_connections").refuse(fmt::format("expected 1 to {} connections", kMostConnections));
    bus.port.max_connections = static_cast<size_t>(most);
  }
  if (node.has("idle")) bus.port.idle = duration_within(node.at("idle"), 1s, 24h);
  if (node.has("silent_after_connect"))
    bus.tcp.silent_after_connect = duration_within(node.at("silent_after_connect"), 0s, 60s);
  if (node.has("bridge")) bus.tcp.bridge = node.at("bridge").boolean();
}

void read_rtu(const yaml::Node& node, BusConfig& bus) {
  node.allow_only({"baud", "format", "device", "turn_around"});
  bus.rtu.serial = core::read_serial_format(node);
  if (node.has("turn_around")) read_turn_around(node.at("turn_around"), bus.rtu);
  if (node.has("device")) {
    bus.serial_device = node.at("device").text();
    bus.rtu.charge_wire = false;
  }
}

}  // namespace

BusConfig::BusConfig() {
  rtu.framing = core::Framing::rtu;
  rtu.turnaround_least = kRtuLeast;
  rtu.turnaround_most = kRtuMost;
}

BusConfig read_bus(const yaml::Node& node) {
  node.allow_only({"tcp", "rtu", "night_bus", "busy"});
  BusConfig bus;
  if (node.has("tcp")) read_tcp(node.at("tcp"), bus);
  if (node.has("rtu")) read_rtu(node.at("rtu"), bus);
  if (node.has("busy")) bus.habits.busy = duration_within(node.at("busy"), 0s, 60s);
  if (!node.has("night_bus")) return bus;
  const std::string night = node.at("night_bus").word({"answer", "sentinel", "refuse", "slow"}, "night_bus");
  bus.habits.night = night == "sentinel" ? core::NightBus::sentinel
                     : night == "refuse" ? core::NightBus::refuse
                     : night == "slow"   ? core::NightBus::slow
                                         : core::NightBus::answer;
  return bus;
}

}  // namespace v2x::site
