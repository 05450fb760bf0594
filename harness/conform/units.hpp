// The simulated units that the gateway polls: v2x-sim as a process of its own, by its control socket alone.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "harness/world/box.hpp"

namespace v2x::conform {

struct UnitInfo {
  std::string name;  ///< "desk.pcs1"
  std::string kind;  ///< pv_pcs, ev_pcs, meter
  std::string model;
  std::string serial;
};

/// A request that a master sent to a unit.
struct SeenRequest {
  Time at;
  int function = 0;
  int first = 0;
  int count = 0;
};

/// Belongs to one thread. Whatever the simulator refuses or fails to do is an error of the bench: a Finding.
class Units {
 public:
  struct Options {
    std::filesystem::path programs;
    std::filesystem::path world;
    std::filesystem::path logs;
    std::filesystem::path scratch;
    int modbus_port = 1502;
  };
  Units(const MessagingContext& context, const Options& options);

  Status start();
  Status stop() { return box_.stop(); }
  std::optional<std::string> died_unasked() { return box_.died_unasked(); }

  const Json& hello() const { return hello_; }
  const Json& site() const { return hello_.at("sites").at(0); }
  const std::vector<UnitInfo>& all() const { return units_; }
  /// The first of that kind.
  const UnitInfo& first(const std::string& kind) const;

  /// A fault of the unit's bus (contracts/control.md, `bus`), until end_faults().
  void bus(const UnitInfo& unit, Json fault);
  void end_faults();
  void vehicle(const std::string& act);
  double read(const std::string& path);
  /// What was asked since the last call for this unit.
  std::vector<SeenRequest> requests(const UnitInfo& unit);

 private:
  Json call(const std::string& verb, Json arguments);

  world::Box box_;
  Json hello_;
  std::vector<UnitInfo> units_;
  std::map<std::string, std::uint64_t> seen_;  ///< number of the last request, by unit
};

}  // namespace v2x::conform
