// The house of scenarios/worlds/home.yaml for tests, and short ways to drive it and look at it.
#pragma once

#include <memory>
#include <string>

#include "common/jst.hpp"
#include "sim/house/house.hpp"

namespace v2x::house {

const contracts::QuantityCatalogue& quantities();
const contracts::FaultCatalogue& faults();
HouseConfig home();
/// A site of a world of scenarios/worlds.
HouseConfig site_of(const std::string& world, const std::string& site = "home");
/// JST, "2026-04-01T12:00:00".
Time at(const std::string& text);

/// A house and its driver: stops at every change, as the kernel does.
class TestHouse {
 public:
  explicit TestHouse(const std::string& start, HouseConfig config = home(), std::uint64_t seed = 1);

  ~TestHouse();  ///< no test may break N1–N9

  House* operator->() { return &house_; }
  House& operator*() { return house_; }
  void run_for(Duration d);
  void run_until(Time t);
  /// Runs until `path` (as in scenarios, below the site) reads `text`; false when it doesn't within `limit`.
  bool run_until(const std::string& path, const std::string& text, Duration limit);
  double number(const std::string& path);
  std::string text(const std::string& path);
  /// Writes through the device, as the bus does.
  core::ModbusException write(const std::string& path, double value);
  /// FNV-1a over all Wh counters, in whole units.
  std::uint64_t counter_hash();

 private:
  const core::QuantityTable& table_of(const std::string& path, std::string& name);

  House house_;
};

}  // namespace v2x::house
