#include "contracts/fail_points.hpp"

#include "common/resources.hpp"
#include "common/yaml.hpp"

namespace v2x::contracts {

std::vector<FailPoint> load_fail_points() {
  std::vector<FailPoint> points;
  for (const auto& [name, entry] : yaml::load_file(resource("contracts") / "fail_points.yaml").entries()) {
    entry.allow_only({"box", "what"});
    points.push_back({name, entry.at("box").word({"backend"}, "box"), entry.at("what").text()});
  }
  return points;
}

}  // namespace v2x::contracts
