// Stand and car at one connector, without a converter model: what flows is what a test says. Records the bus.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "sim/ev/chademo_charger.hpp"
#include "sim/ev/chademo_vehicle.hpp"

namespace v2x::ev {

struct Heard {
  double t = 0;  ///< s since the first frame of the car
  CanFrame frame;
};

struct ChademoSession {
  explicit ChademoSession(const std::string& car = "leaf_24", double soc = 0.73)
      : preset(VehiclePreset::load_named(car)),
        battery(preset.battery, soc, 25),
        charger(connector, bus),
        vehicle(preset, battery, knobs, connector, bus) {
    bus.listen([this](const CanFrame& frame, Time at) {
      if (trace.empty()) first = at;
      trace.push_back({seconds(at), frame});
    });
    charger.plug(now);
  }

  double seconds(Time at) const { return std::chrono::duration<double>(at - first).count(); }

  void settle() {
    connector.battery_v = battery.voltage(0);
    connector.current_a = converter.current_a;
    for (int round = 0; round < 2; ++round) {  // each sees the other's lines at the same instant
      bus.update(now);
      vehicle.update(now);
      charger.see(converter);
      charger.update(now);
    }
    if (const auto reason = charger.take_fault()) fault = reason;
  }
  Time next() const { return std::min({bus.next_change(), vehicle.next_change(now), charger.next_change(now)}); }
  void run_until(Time end) {
    settle();
    while (next() <= end) {
      now = next();
      if (follow) (*follow)(*this);
      settle();
    }
    now = end;
    settle();
  }
  void run_for(Duration d) { run_until(now + d); }
  bool run_to(Stage stage, Duration limit = std::chrono::seconds(60)) {
    const Time end = now + limit;
    settle();
    while (charger.stage() != stage && next() <= end) {
      now = next();
      if (follow) (*follow)(*this);
      settle();
    }
    return charger.stage() == stage;
  }

  Time now{}, first{};
  VehiclePreset preset;
  Battery battery;
  CarKnobs knobs;
  Connector connector;
  CanBus bus;
  ChademoCharger charger;
  ChademoVehicle vehicle;
  ConverterView converter;
  std::optional<std::function<void(ChademoSession&)>> follow;  ///< runs before each instant
  std::optional<StopReason> fault;
  std::vector<Heard> trace;
};

}  // namespace v2x::ev
