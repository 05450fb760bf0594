// Quantities over time as a value change dump (IEEE 1364-2005 §18), for GTKWave.
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "sim/site/condition.hpp"

namespace v2x::site {

/// Numbers are `real`, words and texts GTKWave's `string`. Belongs to the kernel's thread.
class VcdTrace {
 public:
  /// Paths with what they name; begins with the values of now. Error "bad_argument" when the file can't be written.
  static Result<VcdTrace> open(const std::string& file, const std::vector<std::pair<std::string, PathTarget>>& signals,
                               Time start);
  /// Notes what has changed. After each instant.
  void sample(Time now);

 private:
  struct Signal {
    PathTarget target;
    std::string id;
    bool is_real;
    std::string last;
  };
  void write_head(const std::vector<std::pair<std::string, PathTarget>>& signals);

  std::ofstream out_;
  Time start_;
  std::vector<Signal> signals_;
};

}  // namespace v2x::site
