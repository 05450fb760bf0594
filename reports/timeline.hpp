// The timeline of a scenario: curves and lanes of happenings over one axis of virtual time, as shapes of an SVG.
#pragma once

#include <string>
#include <vector>

#include "reports/axis.hpp"
#include "reports/record.hpp"

namespace v2x::reports {

/// All coordinates are SVG user units.
struct Mark {
  double x = 0;
  double width = 0;              ///< 0: a point in time
  std::string kind;              ///< CSS class: an outcome, or what happened
  std::string tooltip;           ///< moment and text; how many when several fall together
  std::string label;             ///< empty when there is no room
  bool label_ends_here = false;  ///< the label stands left of the mark
};

struct Lane {
  std::string title;
  std::string english;
  double y = 0;
  std::vector<Mark> marks;
};

struct Curve {
  std::string title;
  std::string role;                    ///< CSS class of its colour role
  int dash = 0;                        ///< tells curves of one role apart
  std::vector<std::string> polylines;  ///< "x,y x,y …", one per unbroken piece
};

/// The curves of one unit.
struct Plot {
  std::string unit;
  double y = 0;
  ValueAxis axis;
  std::vector<Curve> curves;
};

struct Timeline {
  double height = 0;
  std::vector<Tick> ticks;  ///< position in user units
  std::vector<Plot> plots;
  std::vector<Lane> lanes;  ///< only those in which something happened
  double failure_x = -1;    ///< the deciding step of a failure; negative: none
  double failure_width = 0;

  static constexpr double kWidth = 960;
  static constexpr double kLeft = 156;  ///< room for names
  static constexpr double kRight = 944;
  static constexpr double kPlotHeight = 120;
  static constexpr double kLaneHeight = 40;
};

Timeline make_timeline(const Scenario& scenario);

}  // namespace v2x::reports
