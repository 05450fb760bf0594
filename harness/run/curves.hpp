// Curves of a run's main quantities, for the timeline of the report.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/clock.hpp"
#include "harness/run/record.hpp"
#include "harness/scenario/steps.hpp"

namespace v2x::run {

/// Points at a regular pace that doubles when there are too many. Belongs to the scenario's thread.
class Curves {
 public:
  explicit Curves(const scenario::Scenario& scenario);

  std::vector<std::string> paths() const;
  /// The next instant after `now` at which a point is due.
  Time next(Time now) const;
  /// Takes in the answer of the control verb `read`.
  void add(Time now, const Json& values);
  void write(Record& record) const;

 private:
  struct Curve {
    std::string path;
    std::string title;
    std::string unit;
    std::vector<std::pair<double, Json>> points;  ///< seconds since the start; value or null
  };
  void thin_out();

  Time start_;
  Duration pace_;
  std::vector<Curve> curves_;
};

}  // namespace v2x::run
