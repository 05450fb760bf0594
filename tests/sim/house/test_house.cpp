#include "tests/sim/house/test_house.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "common/yaml.hpp"
#include "sim/house/house_yaml.hpp"
#include "tests/paths.hpp"

namespace v2x::house {

const contracts::QuantityCatalogue& quantities() {
  static const auto catalogue = contracts::QuantityCatalogue::load();
  return catalogue;
}

const contracts::FaultCatalogue& faults() {
  static const auto catalogue = contracts::FaultCatalogue::load();
  return catalogue;
}

HouseConfig site_of(const std::string& world, const std::string& site) {
  const auto file = yaml::load_file(in_sources("scenarios/worlds/" + world + ".yaml"));
  return read_house(site, file.at("sites").at(site));
}

HouseConfig home() {
  return site_of("home");
}

Time at(const std::string& text) {
  const auto time = parse_time(text);
  if (!time) throw BadInput(time.error().message);
  return *time;
}

TestHouse::TestHouse(const std::string& start, HouseConfig config, std::uint64_t seed)
    : house_(std::move(config), quantities(), faults(), seed, at(start)) {}

TestHouse::~TestHouse() {
  EXPECT_EQ(house_.breach().value_or(""), "");
}

void TestHouse::run_until(Time t) {
  while (house_.next_change() <= t) house_.advance_to(house_.next_change());
  house_.advance_to(t);
}

void TestHouse::run_for(Duration d) {
  run_until(house_.now() + d);
}

bool TestHouse::run_until(const std::string& path, const std::string& wanted, Duration limit) {
  const Time end = house_.now() + limit;
  while (text(path) != wanted) {
    if (house_.next_change() > end) return false;
    run_until(house_.next_change());
  }
  return true;
}

const core::QuantityTable& TestHouse::table_of(const std::string& path, std::string& name) {
  const std::string owner = path.substr(0, path.find('.'));
  name = path.substr(path.find('.') + 1);
  if (owner == "ev") return house_.car_table();
  for (const UnitConfig& unit : house_.units())
    if (unit.name == owner && house_.unit(owner).quantities().find(name)) return house_.unit(owner).quantities();
  name = path;
  return house_.site_table();
}

double TestHouse::number(const std::string& path) {
  std::string name;
  const core::QuantityTable& table = table_of(path, name);
  const core::Slot slot = table.slot(name);
  EXPECT_TRUE(table.has(slot)) << path << " is absent";
  return table.number(slot);
}

std::string TestHouse::text(const std::string& path) {
  std::string name;
  const core::QuantityTable& table = table_of(path, name);
  return table.text(table.slot(name));
}

core::ModbusException TestHouse::write(const std::string& path, double value) {
  std::string name;
  const core::QuantityTable& table = table_of(path, name);
  const std::array writes{core::QuantityWrite{table.slot(name), value, {}}};
  return house_.unit(path.substr(0, path.find('.'))).write(writes);
}

std::uint64_t TestHouse::counter_hash() {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  const auto fold = [&hash](const core::QuantityTable& table) {
    for (core::Slot slot = 0; slot < table.size(); ++slot)
      if (table.quantity(slot).unit == "Wh" && table.has(slot))
        hash = (hash ^ static_cast<std::uint64_t>(std::floor(table.number(slot)))) * 0x100000001B3ULL;
  };
  for (const UnitConfig& unit : house_.units()) fold(house_.unit(unit.name).quantities());
  fold(house_.site_table());
  fold(house_.car_table());
  return hash;
}

}  // namespace v2x::house
