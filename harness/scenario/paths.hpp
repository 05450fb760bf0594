// Paths of quantities in a world ("home.pcs1.ac.power"), checked against the catalogue, and values with units.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "common/yaml.hpp"
#include "contracts/quantity_catalogue.hpp"
#include "harness/scenario/world_file.hpp"

namespace v2x::scenario {

using Json = nlohmann::json;

/// A demand on a quantity, ready for the control socket.
struct Condition {
  std::string path;
  Json demand;        ///< {"is": …}, {"below": n}, {"above": n} or {"near": n, "by": d}
  std::string shown;  ///< "home.pcs1.fault is E1-1", for people
  std::string unit;   ///< base unit of the quantity

  Json to_json() const;
  bool holds(const Json& value) const;
};

/// All quantities that a world's sites have. Refers to `world` and `catalogue`, which must outlive it.
class Paths {
 public:
  Paths(const World& world, const contracts::QuantityCatalogue& catalogue) : world_(world), catalogue_(catalogue) {}

  /// The quantity that `path` names; throws BadInput at `place` with the nearest word.
  const contracts::Quantity& resolve(const std::string& path, const yaml::Node& place) const;
  /// nullptr when there is none.
  const contracts::Quantity* find(const std::string& path) const;
  /// Every path below a site whose name begins with it; for "nearest" and completion.
  std::vector<std::string> all(const std::string& site) const;

  /// `116 V`, `running`, `E1-1`, `absent` as the quantity's value in the base unit.
  static Json value(const contracts::Quantity& quantity, const yaml::Node& node);
  /// `path: value` or `path: {below: value}`.
  Condition condition(const std::string& path, const yaml::Node& key, const yaml::Node& demand) const;

 private:
  const World& world_;
  const contracts::QuantityCatalogue& catalogue_;
};

/// A value for people: "116 V", "running", "absent".
std::string show_value(const Json& value, const std::string& unit);

}  // namespace v2x::scenario
