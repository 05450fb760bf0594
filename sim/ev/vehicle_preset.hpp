// The cars of the catalogue: vehicles/<name>.yaml.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sim/ev/battery.hpp"

namespace v2x::ev {

enum class LevelUnit { kwh01, percent };  ///< of frame 200 bytes 6 and 7

struct VehiclePreset {
  std::string name;  ///< "leaf_40"
  std::string title;
  std::vector<std::string> type_codes;
  std::string years;
  bool supported = true;  ///< on the list of compatible cars
  double gross_wh = 0;
  BatteryConfig battery;
  double v2h_min = 10, v2h_max = 100;  ///< % of displayed charge
  int protocol = 2;                    ///< CHAdeMO number of frame 102
  LevelUnit level_unit = LevelUnit::percent;
  bool sends_201 = true;
  int soc_const = 100;
  double max_a = 0;
  double aux_w = 200;  ///< the car's own draw while its contactor is closed
  std::string supply_12v;
  bool tickle = false;  ///< stops by itself after 6 min at 0 A
  bool phev = false;    ///< no session while the ignition is on

  /// Throws BadInput with its place.
  static VehiclePreset load(const std::filesystem::path& file);
  /// By name from <share>/vehicles; an unknown one throws BadInput naming the nearest.
  static VehiclePreset load_named(const std::string& name);
};

}  // namespace v2x::ev
