// Plugged and unplugged: one event each, also when it happened while the gateway was off.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/gateway/readings.hpp"

namespace v2x::gateway {

class VehicleWatch {
 public:
  /// The first connector state that a new gateway sees is no happening.
  void on_poll(std::int64_t time_ms, std::uint32_t unit_no, const Readings& readings,
               std::vector<telemetry::Event>& events);
  std::string text() const;
  void restore(std::string_view text);

 private:
  std::map<std::uint32_t, bool> plugged_;  // by unit_no
};

}  // namespace v2x::gateway
