// What a house consists of. Plain data; house_yaml.hpp reads it from a world file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/plant/driver.hpp"
#include "sim/plant/grid.hpp"
#include "sim/plant/irradiance_curve.hpp"
#include "sim/plant/pv_string.hpp"
#include "sim/plant/sky.hpp"
#include "sim/plant/sun.hpp"

namespace v2x::house {

enum class UnitKind { pv_pcs, ev_pcs, meter };

struct UnitConfig {
  std::string name;  ///< as in paths: "pcs1"
  UnitKind kind = UnitKind::pv_pcs;
  std::string model;
  std::string serial;
  std::string map;                             ///< register map by name; the bus side reads it
  int unit_id = 1;                             ///< on the bus
  int unit_no = 1;                             ///< ユニットNo
  std::vector<plant::PvStringConfig> strings;  ///< of a pv_pcs
};

struct CarConfig {
  std::string preset = "leaf_40";
  double soc_percent = 50;
  bool plugged = false;
  std::string unit;                          ///< name of the ev_pcs at which it parks
  std::optional<plant::DriverConfig> usage;  ///< who drives it; nobody otherwise
};

struct HouseConfig {
  std::string site;  ///< name in paths, owner of the random streams
  plant::Place place;
  int persons = 4;
  plant::GridConfig grid;            ///< its site and seed are filled in by House
  std::optional<double> limiter_a;   ///< of the contract (アンペア制), sum of both legs; none otherwise
  int prefecture = 26;               ///< JIS X 0401; its climate
  std::optional<double> ambient_c;   ///< constant; the month's curve otherwise
  std::optional<double> irradiance;  ///< constant W/m²; sun and clouds otherwise
  std::optional<plant::IrradianceCurve> irradiance_curve;
  std::vector<plant::Weather> weather;  ///< day by day, repeated; empty: drawn by the month
  bool all_electric = false;
  Duration plant_step = std::chrono::seconds(10);  ///< sun, clouds, air, the smooth part of the load
  std::vector<UnitConfig> units;                   ///< in file order
  std::optional<CarConfig> car;
};

std::string to_string(UnitKind kind);
/// 50 Hz in the north and east of Japan, 60 Hz elsewhere; by JIS X 0401 number.
double nominal_frequency_hz(int prefecture);
/// PCS 1…n in file order, meters after them.
void number_units(std::vector<UnitConfig>& units);

}  // namespace v2x::house
