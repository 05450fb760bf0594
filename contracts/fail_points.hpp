// The named points at which boxes can be made to fail (contracts/fail_points.yaml).
#pragma once

#include <string>
#include <vector>

namespace v2x::contracts {

struct FailPoint {
  std::string name;  ///< "ingest.before_ack"
  std::string box;   ///< whose: backend
  std::string what;  ///< what is done and what is not yet done when it is passed
};

/// All of the shipped file, in its order. Throws BadInput when the file is wrong.
std::vector<FailPoint> load_fail_points();

}  // namespace v2x::contracts
