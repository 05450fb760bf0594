#include "sim/house/house_yaml.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/house/usage_yaml.hpp"

namespace v2x::house {
namespace {

using yaml::Node;

constexpr int kPrefectures = 47;
constexpr int kMostPersons = 6;
constexpr int kMostStrings = 4;
constexpr int kLargestUnitId = 247;  // Modbus

int integer_within(const Node& node, int low, int high) {
  const auto value = node.integer();
  if (value < low || value > high) node.refuse(fmt::format("found {}, expected {} to {}", value, low, high));
  return static_cast<int>(value);
}

double measure_within(const Node& node, const std::string& unit, double low, double high) {
  const double value = node.measure(unit);
  if (value < low || value > high) node.refuse(fmt::format("found {}, expected {} to {} {}", value, low, high, unit));
  return value;
}

std::vector<plant::PvStringConfig> read_strings(const Node& node) {
  node.allow_only({"count", "kwp", "tilt", "azimuth", "vmp", "voc", "loss", "noct", "gamma", "beta"});
  plant::PvStringConfig one;
  if (node.has("kwp")) one.peak_w = node.at("kwp").number() * 1000;
  if (node.has("tilt")) one.tilt_deg = measure_within(node.at("tilt"), "deg", 0, 90);
  if (node.has("azimuth")) one.azimuth_deg = measure_within(node.at("azimuth"), "deg", -180, 180);
  if (node.has("vmp")) one.mpp_v = node.at("vmp").measure("V");
  if (node.has("voc")) one.open_v = node.at("voc").measure("V");
  if (node.has("loss")) one.loss = measure_within(node.at("loss"), "%", 0, 100) / 100;
  if (node.has("noct")) one.noct_c = node.at("noct").measure("°C");
  if (node.has("gamma")) one.power_per_k = node.at("gamma").measure("/K");
  if (node.has("beta")) one.voltage_per_k = node.at("beta").measure("/K");
  if (one.peak_w <= 0) node.refuse("kwp must be above 0");
  if (one.open_v <= one.mpp_v) node.refuse("voc must be above vmp");
  const int count = node.has("count") ? integer_within(node.at("count"), 1, kMostStrings) : kMostStrings;
  return std::vector<plant::PvStringConfig>(static_cast<size_t>(count), one);
}

std::string default_model(UnitKind kind) {
  switch (kind) {
    case UnitKind::pv_pcs:
      return "KPV-A55-J4";
    case UnitKind::ev_pcs:
      return "KPEP-A";
    case UnitKind::meter:
      break;
  }
  return "CT-METER";
}

UnitConfig read_unit(const std::string& name, const Node& node) {
  node.allow_only({"kind", "unit_id", "map", "model", "serial", "strings"});
  UnitConfig unit;
  unit.name = name;
  const std::string kind = node.at("kind").word({"pv_pcs", "ev_pcs", "meter"}, "kind of unit");
  unit.kind = kind == "pv_pcs" ? UnitKind::pv_pcs : kind == "ev_pcs" ? UnitKind::ev_pcs : UnitKind::meter;
  unit.model = node.has("model") ? node.at("model").text() : default_model(unit.kind);
  unit.serial = node.at("serial").text();
  unit.map = node.at("map").text();
  unit.unit_id = integer_within(node.at("unit_id"), 1, kLargestUnitId);
  if (unit.kind == UnitKind::pv_pcs)
    unit.strings =
        node.has("strings") ? read_strings(node.at("strings")) : std::vector<plant::PvStringConfig>(kMostStrings);
  else if (node.has("strings"))
    node.key("strings").refuse("only a pv_pcs has strings");
  return unit;
}

std::vector<UnitConfig> read_units(const Node& node) {
  std::vector<UnitConfig> units;
  for (const auto& [name, child] : node.entries()) {
    const UnitConfig unit = read_unit(name, child);
    for (const UnitConfig& other : units) {
      if (other.unit_id == unit.unit_id)
        child.at("unit_id").refuse(fmt::format("unit {} is '{}' already", unit.unit_id, other.name));
      if (other.kind == unit.kind && unit.kind != UnitKind::pv_pcs)
        child.at("kind").refuse(fmt::format("'{}' is the site's {} already", other.name, to_string(unit.kind)));
    }
    units.push_back(unit);
  }
  number_units(units);
  return units;
}

CarConfig read_car(const Node& node, const std::vector<UnitConfig>& units) {
  node.allow_only({"preset", "soc", "plugged", "unit", "usage"});
  CarConfig car;
  car.preset = node.at("preset").text();
  car.soc_percent = measure_within(node.at("soc"), "%", 0, 100);
  car.plugged = node.has("plugged") && node.at("plugged").boolean();
  if (node.has("usage")) car.usage = read_usage(node.at("usage"));
  std::vector<std::string> ports;
  for (const UnitConfig& unit : units)
    if (unit.kind == UnitKind::ev_pcs) ports.push_back(unit.name);
  if (ports.empty()) node.refuse("a car needs a unit of kind ev_pcs");
  car.unit = node.has("unit") ? node.at("unit").word(ports, "ev_pcs of this site") : ports.front();
  return car;
}

void read_grid(const Node& node, plant::GridConfig& grid) {
  node.allow_only({"voltage", "frequency", "line_resistance", "line_reactance", "neutral_resistance", "limiter"});
  if (node.has("voltage")) grid.voltage_v = measure_within(node.at("voltage"), "V", 50, 130);
  if (node.has("frequency")) grid.frequency_hz = measure_within(node.at("frequency"), "Hz", 45, 65);
  if (node.has("line_resistance")) grid.line_resistance_ohm = measure_within(node.at("line_resistance"), "ohm", 0, 1);
  if (node.has("line_reactance")) grid.line_reactance_ohm = measure_within(node.at("line_reactance"), "ohm", 0, 1);
  if (node.has("neutral_resistance"))
    grid.neutral_resistance_ohm = measure_within(node.at("neutral_resistance"), "ohm", 0, 1);
}

plant::Weather weather_of(const Node& node) {
  const auto& words = plant::weather_words();
  const std::string word = node.word(words, "weather");
  return static_cast<plant::Weather>(std::find(words.begin(), words.end(), word) - words.begin());
}

/// One word for all days, or a list of them day by day; `drawn` leaves it to the season.
std::vector<plant::Weather> read_weather(const Node& node) {
  std::vector<plant::Weather> days;
  if (node.is_list()) {
    for (const Node& day : node.items()) days.push_back(weather_of(day));
    if (days.empty()) node.refuse("no weather, expected a day's weather at least");
  } else if (node.text() != "drawn") {
    days.push_back(weather_of(node));
  }
  return days;
}

/// A constant, or the name of a CSV file beside the world file.
void read_irradiance(const Node& node, HouseConfig& house) {
  const std::string text = node.text();
  if (!text.ends_with(".csv")) {
    house.irradiance = measure_within(node, "W/m2", 0, 1500);
    return;
  }
  const auto file = std::filesystem::path(node.file()).parent_path() / text;
  if (!std::filesystem::exists(file))
    node.refuse(fmt::format("no file {}, expected it beside the world file", file.string()));
  house.irradiance_curve = plant::IrradianceCurve::load(file);
}

/// A divisor of a minute, because counters are read at whole minutes.
Duration read_step(const Node& node) {
  const Duration step = node.duration();
  if (step < std::chrono::seconds(1) || std::chrono::minutes(1) % step != Duration::zero())
    node.refuse("expected 1 s to 60 s that divide a minute");
  return step;
}

}  // namespace

HouseConfig read_house(const std::string& site, const Node& node) {
  node.allow_only({"site_name", "prefecture", "latitude", "longitude", "persons", "all_electric", "weather", "ambient",
                   "irradiance", "plant_step", "grid", "gateway", "bus", "units", "car"});
  HouseConfig house;
  house.site = site;
  house.prefecture = integer_within(node.at("prefecture"), 1, kPrefectures);
  house.grid.frequency_hz = nominal_frequency_hz(house.prefecture);
  if (node.has("grid")) {
    read_grid(node.at("grid"), house.grid);
    if (node.at("grid").has("limiter")) house.limiter_a = measure_within(node.at("grid").at("limiter"), "A", 10, 100);
  }
  house.place.latitude_deg = measure_within(node.at("latitude"), "deg", 20, 46);
  house.place.longitude_deg = measure_within(node.at("longitude"), "deg", 122, 154);
  if (node.has("persons")) house.persons = integer_within(node.at("persons"), 1, kMostPersons);
  if (node.has("all_electric")) house.all_electric = node.at("all_electric").boolean();
  if (node.has("weather")) house.weather = read_weather(node.at("weather"));
  if (node.has("ambient")) house.ambient_c = measure_within(node.at("ambient"), "°C", -30, 60);
  if (node.has("irradiance")) read_irradiance(node.at("irradiance"), house);
  if (node.has("plant_step")) house.plant_step = read_step(node.at("plant_step"));
  house.units = read_units(node.at("units"));
  if (node.has("car")) house.car = read_car(node.at("car"), house.units);
  return house;
}

}  // namespace v2x::house
