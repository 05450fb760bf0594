// Thresholds of a bench: `--require ack_ms.p99_9<=50`.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace v2x::bench {

struct Requirement {
  std::string path;  ///< "achieved_per_s", "ack_ms.p99_9", "ratios.sqlite-raw"
  bool at_least = true;
  double limit = 0;
  std::string text;

  /// What is wrong; empty when it holds. A fact that isn't there is wrong.
  std::string miss(const nlohmann::json& facts) const;
};

/// PATH>=NUMBER or PATH<=NUMBER. Throws BadInput otherwise.
Requirement parse_requirement(const std::string& text);

}  // namespace v2x::bench
