#include "reports/bench_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <kainjow/mustache.hpp>
#include <sstream>

#include "common/resources.hpp"
#include "reports/axis.hpp"

namespace v2x::reports {
namespace {

namespace mustache = kainjow::mustache;
using nlohmann::json;
using View = mustache::data;

// Of the picture, as templates/bench.html has it.
constexpr double kLeft = 70, kRight = 950, kTop = 24, kBottom = 175;
constexpr double kLegendStep = 170;
constexpr double kTimeTicks = 6;

std::string template_text(const std::string& name) {
  std::ifstream in(resource("reports") / name);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

View pair_view(const char* first, const std::string& one, const char* second, const std::string& other) {
  View view;
  view.set(first, one);
  view.set(second, other);
  return view;
}

std::string shown(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return fmt::format("{:.6g}", value.get<double>());
  return value.dump();
}

/// The members of an object as rows; objects within it as "member.member".
void add_rows(View& rows, const json& object, const std::string& prefix) {
  for (const auto& [name, value] : object.items()) {
    if (value.is_object())
      add_rows(rows, value, prefix + name + ".");
    else
      rows << pair_view("name", prefix + name, "value", shown(value));
  }
}

struct Group {
  const char* name;
  const char* title;
  const char* english;
};
constexpr Group kGroups[] = {
    {"ack_ms", "受領応答までの時間", "Acknowledged after, ms"},
    {"visible_ms", "画面に出るまでの時間", "Visible after, ms"},
    {"home_ms", "ホーム画面", "Home page, ms"},
    {"audit", "監査", "Audit"},
    {"processes", "プロセス", "Processes"},
    {"restart", "再起動", "Restart"},
    {"answers", "その他の応答", "Other answers"},
    {"generator_lag_ms", "負荷生成の遅れ", "The generator's own lateness, ms"},
    {"machine", "機械", "Machine"},
    {"rounds", "各回", "Rounds, records/s"},
};

View group_view(const Group& group, View rows) {
  View view;
  view.set("title", std::string(group.title));
  view.set("english", std::string(group.english));
  view.set("rows", rows);
  return view;
}

View groups_of(const json& facts) {
  View groups{View::type::list};
  View summary{View::type::list};
  for (const auto& [name, value] : facts.items())
    if (!value.is_structured()) summary << pair_view("name", name, "value", shown(value));
  groups << group_view({"", "概要", "Summary"}, summary);
  View ratios{View::type::list};
  for (const json& ratio : facts.value("ratios", json::array()))
    ratios << pair_view(
        "name", ratio.value("against", ""), "value",
        fmt::format("{} [{}, {}]", shown(ratio.at("ratio")), shown(ratio.at("low")), shown(ratio.at("high"))));
  if (!facts.value("ratios", json::array()).empty()) groups << group_view({"", "比", "Ratios, 95 %"}, ratios);
  for (const Group& group : kGroups) {
    if (!facts.contains(group.name)) continue;
    View rows{View::type::list};
    add_rows(rows, facts.at(group.name), "");
    groups << group_view(group, rows);
  }
  return groups;
}

struct Curve {
  const char* series;
  const char* role;  ///< class of the style
};
struct Plot {
  const char* title;
  std::vector<Curve> curves;
};
const std::vector<Plot>& plots() {
  static const std::vector<Plot> all{{"records/s", {{"achieved_per_s", "generation"}}},
                                     {"ms", {{"ack_p50_ms", "use"}, {"ack_p99_ms", "buy"}}},
                                     {"MB", {{"backend_rss_mb", "other"}}},
                                     {"connections", {{"connected", "ev"}}}};
  return all;
}

double x_of(double share) {
  return kLeft + share * (kRight - kLeft);
}

View curve_view(const Curve& curve, const std::vector<double>& t, const std::vector<double>& values,
                const ValueAxis& axis, int index) {
  std::string points;
  for (std::size_t i = 0; i < std::min(t.size(), values.size()); ++i)
    points += fmt::format("{:.1f},{:.1f} ", x_of(t[i] / t.back()),
                          kBottom - (values[i] - axis.low) / (axis.high - axis.low) * (kBottom - kTop));
  const double legend = kLeft + index * kLegendStep;
  View view;
  view.set("role", std::string(curve.role));
  view.set("points", points);
  view.set("name", std::string(curve.series));
  view.set("legend_x", fmt::format("{:.0f}", legend));
  view.set("legend_end", fmt::format("{:.0f}", legend + 14));
  view.set("legend_text", fmt::format("{:.0f}", legend + 18));
  return view;
}

View plot_view(const Plot& plot, const json& series) {
  const auto t = series.at("t_s").get<std::vector<double>>();
  double high = 0;
  for (const Curve& curve : plot.curves)
    for (const double value : series.at(curve.series).get<std::vector<double>>()) high = std::max(high, value);
  const ValueAxis axis = value_axis(0, high, true);
  View curves{View::type::list}, value_ticks{View::type::list}, time_ticks{View::type::list};
  int index = 0;
  for (const Curve& curve : plot.curves)
    curves << curve_view(curve, t, series.at(curve.series).get<std::vector<double>>(), axis, index++);
  for (const Tick& tick : axis.ticks)
    value_ticks << pair_view("y", fmt::format("{:.1f}", kBottom - tick.position * (kBottom - kTop)), "label",
                             tick.label);
  for (int i = 0; i <= kTimeTicks; ++i)
    time_ticks << pair_view("x", fmt::format("{:.0f}", x_of(i / kTimeTicks)), "label",
                            fmt::format("{:.0f} s", t.back() * i / kTimeTicks));
  View view;
  view.set("title", std::string(plot.title));
  view.set("curves", curves);
  view.set("value_ticks", value_ticks);
  view.set("time_ticks", time_ticks);
  return view;
}

View page_view(const json& facts) {
  const std::string verdict = facts.value("verdict", "");
  const json missed = facts.value("missed", json::array());
  const bool good = verdict == "ok" && missed.empty();
  View view;
  view.set("verdict", verdict);
  view.set("outcome", std::string(good ? "passed" : verdict == "ok" ? "failed" : "error"));
  view.set("symbol", std::string(good ? "✓" : "✕"));
  view.set("at", facts.value("at", ""));
  view.set("what", fmt::format("{}, {} gateways, {}", facts.value("shape", ""), facts.value("gateways", 0),
                               facts.value("store", "")));
  View sentences{View::type::list};
  for (const json& miss : missed) {
    View sentence;
    sentence.set("sentence", shown(miss));
    sentences << sentence;
  }
  view.set("has_missed", !missed.empty());
  view.set("missed", sentences);
  view.set("groups", groups_of(facts));
  View pictures{View::type::list};
  const json series = facts.value("series", json::object());
  if (series.contains("t_s"))
    for (const Plot& plot : plots()) pictures << plot_view(plot, series);
  view.set("plots", pictures);
  return view;
}

}  // namespace

std::string bench_page(const json& facts) {
  mustache::mustache page(template_text("bench.html"));
  View view = page_view(facts);
  view.set("style", View{mustache::partial([] { return template_text("report.css"); })});
  return page.render(view);
}

}  // namespace v2x::reports
