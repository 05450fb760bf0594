#include <fmt/format.h>

#include "reports/view.hpp"

namespace v2x::reports {
namespace {

constexpr double kMarkRadius = 4.5;
constexpr double kMarkBelowLane = 28;   // centre of a mark in its lane
constexpr double kLabelBelowLane = 16;  // base line of its label
constexpr double kLegendLine = 19;

std::string unit(double value) {
  return fmt::format("{:.1f}", value);
}

View mark_view(const Mark& mark) {
  View view;
  set_text(view, "x", unit(mark.x));
  set_text(view, "bar_width", mark.width > 0 ? unit(mark.width) : "");
  set_text(view, "kind", mark.kind);
  set_text(view, "tooltip", mark.tooltip);
  set_text(view, "label", mark.label);
  view.set("anchor", mark.label_ends_here ? "end" : "start");
  view.set("mark_y", unit(kMarkBelowLane));
  view.set("label_y", unit(kLabelBelowLane));
  view.set("bar_y", unit(kMarkBelowLane - kMarkRadius));
  view.set("bar_height", unit(2 * kMarkRadius));
  view.set("radius", unit(kMarkRadius));
  return view;
}

View lane_view(const Lane& lane) {
  View view;
  view.set("y", unit(lane.y));
  view.set("lane_title", lane.title);
  view.set("lane_english", lane.english);
  view.set("marks", list_view(lane.marks, mark_view));
  return view;
}

View plot_view(const Plot& plot) {
  View view;
  view.set("y", unit(plot.y));
  view.set("unit", plot.unit);
  view.set("value_ticks", list_view(plot.axis.ticks, [](const Tick& tick) {
             View out;
             out.set("tick_y", unit(Timeline::kPlotHeight * (1 - tick.position)));
             out.set("tick_label", tick.label);
             return out;
           }));
  double legend_y = 2 * kLegendLine;
  view.set("curves", list_view(plot.curves, [&](const Curve& curve) {
             View out;
             out.set("curve_title", curve.title);
             out.set("role", curve.role);
             out.set("dash", std::to_string(curve.dash));
             out.set("legend_y", unit(legend_y));
             legend_y += kLegendLine;
             out.set("polylines", list_view(curve.polylines, [](const std::string& points) {
                       View piece;
                       piece.set("points", points);
                       return piece;
                     }));
             return out;
           }));
  return view;
}

}  // namespace

View timeline_view(const Scenario& scenario) {
  const Timeline timeline = make_timeline(scenario);
  if (timeline.lanes.empty() && timeline.plots.empty()) return View(false);
  View view;
  view.set("width", unit(Timeline::kWidth));
  view.set("height", unit(timeline.height));
  view.set("left", unit(Timeline::kLeft));
  view.set("right", unit(Timeline::kRight));
  view.set("bottom", unit(timeline.height - 20));
  view.set("time_ticks", list_view(timeline.ticks, [](const Tick& tick) {
             View out;
             out.set("x", unit(tick.position));
             out.set("tick_label", tick.label);
             return out;
           }));
  view.set("plots", list_view(timeline.plots, plot_view));
  view.set("lanes", list_view(timeline.lanes, lane_view));
  const bool failed = timeline.failure_x >= 0;
  set_text(view, "failure_x", failed ? unit(timeline.failure_x) : "");
  set_text(view, "failure_width", failed ? unit(timeline.failure_width) : "");
  return view;
}

}  // namespace v2x::reports
