#include "reports/bench_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <kainjow/mustache.hpp>
#include <set>
#include <sstream>

#include "common/resources.hpp"
#include "reports/axis.hpp"
#include "reports/words.hpp"

namespace v2x::reports {
namespace {

namespace mustache = kainjow::mustache;
using nlohmann::json;
using View = mustache::data;

// Of the picture, as templates/bench.html has it.
constexpr double kLeft = 70, kRight = 950, kTop = 24, kBottom = 175;
constexpr double kLegendStep = 170;
constexpr double kTimeTicks = 6;
constexpr double kWhole = 1000;  // from here on no decimals
constexpr double kKilo = 1e3, kMega = 1e6;
constexpr std::size_t kToTheSecond = 19;  // characters of an RFC 3339 time

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
  if (!value.is_number()) return value.dump();
  const double number = value.get<double>();
  return figure(std::abs(number) < kWhole ? number : std::round(number));
}

/// A fact whose name ends in its unit.
std::string shown_fact(const std::string& name, const json& value) {
  if (!name.ends_with("_bytes") || !value.is_number()) return shown(value);
  const double bytes = value.get<double>();
  return bytes < kMega ? fmt::format("{:.1f} kB", bytes / kKilo) : fmt::format("{:.1f} MB", bytes / kMega);
}

/// A heading, names of columns (none: a list of names and values), and rows.
class Table {
 public:
  Table(const char* title, const char* english, const std::vector<std::string>& columns) {
    view_.set("title", std::string(title));
    view_.set("english", std::string(english));
    view_.set("has_columns", !columns.empty());
    View names{View::type::list};
    for (const std::string& column : columns) names << cell(column);
    view_.set("columns", names);
  }
  void add(const std::string& name, const std::vector<std::string>& values) {
    View row, cells{View::type::list};
    for (const std::string& value : values) cells << cell(value);
    row.set("name", name);
    row.set("cells", cells);
    rows_ << row;
    is_empty_ = false;
  }
  void put_into(View& tables) {
    view_.set("rows", rows_);
    if (!is_empty_) tables << view_;
  }

 private:
  static View cell(const std::string& text) {
    View view;
    view.set("text", text);
    return view;
  }
  View view_, rows_{View::type::list};
  bool is_empty_ = true;
};

/// Scalars that the page's header does not say; what matters most first.
void add_summary(View& tables, const json& facts) {
  static const std::vector<std::string> first{"achieved_per_s", "offered_per_s", "achieved_per_cpu_s", "acknowledged",
                                              "duration_s"};
  static const std::set<std::string> in_header{"at", "bench", "shape", "gateways", "store", "verdict"};
  Table table("概要", "Summary", {});
  for (const std::string& name : first)
    if (facts.contains(name)) table.add(name, {shown_fact(name, facts.at(name))});
  for (const auto& [name, value] : facts.items())
    if (!value.is_structured() && !in_header.contains(name) &&
        std::find(first.begin(), first.end(), name) == first.end())
      table.add(name, {shown_fact(name, value)});
  table.put_into(tables);
}

void add_ratios(View& tables, const json& facts) {
  Table table("比", "Ratios, ours / theirs", {"ratio", "95 %", "by CPU seconds", "95 %"});
  const auto interval = [](const json& ratio) { return shown(ratio.at("low")) + " … " + shown(ratio.at("high")); };
  for (const json& ratio : facts.value("ratios", json::array())) {
    const json& cpu = ratio.at("per_cpu_s");
    table.add(ratio.value("against", ""),
              {shown(ratio.at("ratio")), interval(ratio), shown(cpu.at("ratio")), interval(cpu)});
  }
  table.put_into(tables);
}

void add_latencies(View& tables, const json& facts) {
  static const std::vector<std::pair<const char*, const char*>> all{{"ack_ms", "acknowledged after"},
                                                                    {"visible_ms", "visible after"},
                                                                    {"home_ms", "home page"},
                                                                    {"fdatasync_ms", "fdatasync, before the load"},
                                                                    {"generator_lag_ms", "generator late by"}};
  static const std::vector<std::string> columns{"p50", "p90", "p99", "p99_9", "max", "count"};
  Table table("時間", "Times, ms", {"p50", "p90", "p99", "p99.9", "max", "times"});
  for (const auto& [fact, name] : all) {
    if (!facts.contains(fact) || facts.at(fact).value("count", 0) == 0) continue;
    std::vector<std::string> cells;
    for (const std::string& column : columns) cells.push_back(shown(facts.at(fact).value(column, json())));
    table.add(name, cells);
  }
  table.put_into(tables);
}

void add_processes(View& tables, const json& facts) {
  Table table("プロセス", "Processes", {"CPU s", "memory", "busiest thread", "of a core"});
  const json processes = facts.value("processes", json::object());
  for (const auto& [name, process] : processes.items())
    table.add(name, {shown(process.value("cpu_s", json())), shown_fact("rss_bytes", process.value("rss_bytes", json())),
                     process.value("busiest_thread", ""),
                     fmt::format("{:.0f} %", 100 * process.value("busiest_share", 0.0))});
  table.put_into(tables);
}

/// The members of an object; objects within it as "member.member", the values of a list side by side.
void add_rows(Table& table, const json& object, const std::string& prefix) {
  for (const auto& [name, value] : object.items()) {
    if (value.is_object()) {
      add_rows(table, value, prefix + name + ".");
    } else if (value.is_array()) {
      std::string list;
      for (const json& one : value) list += (list.empty() ? "" : "  ") + shown(one);
      table.add(prefix + name, {list});
    } else if (value != "") {
      table.add(prefix + name, {shown_fact(name, value)});
    }
  }
}

View more_tables(const json& facts) {
  struct Group {
    const char* fact;
    const char* title;
    const char* english;
  };
  static constexpr Group kGroups[] = {{"audit", "監査", "Audit"},
                                      {"restart", "再起動", "Restart"},
                                      {"answers", "その他の応答", "Other answers"},
                                      {"wrong_logins", "誤ったログイン", "Wrong log-ins"},
                                      {"machine", "機械", "Machine"},
                                      {"line_protocol", "ラインプロトコル", "Line protocol"},
                                      {"rounds", "各回", "Rounds"}};
  View tables{View::type::list};
  add_ratios(tables, facts);
  add_latencies(tables, facts);
  add_processes(tables, facts);
  for (const Group& group : kGroups) {
    Table table(group.title, group.english, {});
    add_rows(table, facts.value(group.fact, json::object()), "");
    table.put_into(tables);
  }
  return tables;
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
                            fmt::format("{:.3g} s", t.back() * i / kTimeTicks));
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
  view.set("at", facts.value("at", "").substr(0, kToTheSecond));
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
  View summary{View::type::list};
  add_summary(summary, facts);
  view.set("summary", summary);
  view.set("tables", more_tables(facts));
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
  view.set("facts_table", View{mustache::partial([] { return template_text("facts_table.html"); })});
  return page.render(view);
}

}  // namespace v2x::reports
