#include "reports/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "common/units.hpp"
#include "reports/curves.hpp"
#include "reports/verdict.hpp"
#include "reports/words.hpp"

namespace v2x::reports {
namespace {

constexpr double kNarrowest = 3;  // a step that took no time is still seen
constexpr double kTogether = 5;   // marks closer than this are shown as one
constexpr double kLabelGap = 8;
constexpr size_t kLongestTooltip = 400;  // bytes
constexpr size_t kLongestLabel = 26;     // characters

struct LaneRule {
  const char* title;
  const char* english;
  std::vector<std::string> what;  ///< event words that belong here
};
const std::array kLanes = {
    LaneRule{"操作", "acts", {"act", "vehicle", "network"}},
    LaneRule{"装置", "devices", {"state", "write", "invariant"}},
    LaneRule{"異常", "faults, alarms", {"fault", "alarm"}},
    LaneRule{"通信", "telemetry", {"telemetry"}},
    LaneRule{"プロセス", "processes", {"process", "log"}},
};

/// Maps instants to x.
class Scale {
 public:
  Scale(Time start, Time end) : start_(start), length_s_(std::max(to_seconds(end - start), 1e-3)) {}
  double x(Time t) const {
    const double share = std::clamp(to_seconds(t - start_) / length_s_, 0.0, 1.0);
    return Timeline::kLeft + share * (Timeline::kRight - Timeline::kLeft);
  }

 private:
  Time start_;
  double length_s_;
};

/// UTF-8 characters, and how wide they are about; Japanese is twice as wide.
double text_width(const std::string& text) {
  double width = 0;
  for (const unsigned char c : text)
    if (c < 0x80)
      width += 7.4;
    else if (c >= 0xC0)
      width += 13.5;
  return width;
}

std::string shortened(const std::string& text) {
  size_t characters = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool starts_character = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
    if (starts_character && ++characters > kLongestLabel) return text.substr(0, i) + "…";
  }
  return text;
}

struct Happening {
  Time t;
  std::string kind;
  std::string text;
};

/// One mark for all happenings that fall together; the worst kind wins the colour.
std::vector<Mark> gather(const std::vector<Happening>& happenings, const Scale& scale) {
  struct Group {
    Mark mark;
    std::string first_text;
    int count = 0;
  };
  std::vector<Group> groups;
  for (const Happening& happening : happenings) {
    const double x = scale.x(happening.t);
    if (groups.empty() || x - groups.back().mark.x >= kTogether)
      groups.push_back({{.x = x,
                         .width = 0,
                         .kind = happening.kind,
                         .tooltip = moment(happening.t) + "  " + happening.text,
                         .label = {},
                         .label_ends_here = false},
                        happening.text,
                        0});
    Group& group = groups.back();
    if (happening.kind == "failed") group.mark.kind = happening.kind;
    if (++group.count > 1 && group.count <= 4) group.mark.tooltip += "\n" + moment(happening.t) + "  " + happening.text;
  }
  std::vector<Mark> marks;
  for (Group& group : groups) {
    if (group.count > 4) group.mark.tooltip += fmt::format("\n… {} 件", group.count);
    group.mark.label =
        shortened(group.count > 1 ? fmt::format("{} (+{})", group.first_text, group.count - 1) : group.first_text);
    marks.push_back(std::move(group.mark));
  }
  return marks;
}

bool is_bad(const Mark& mark) {
  return mark.kind == "failed" || mark.kind == "error";
}

/// Keeps the labels for which there is room, from left to right; what went wrong displaces the label before it.
void place_labels(std::vector<Mark>& marks) {
  double free_from = Timeline::kLeft;
  double free_before = free_from;  // as it was before the last label
  Mark* last = nullptr;
  for (Mark& mark : marks) {
    const double width = text_width(mark.label);
    mark.label_ends_here = mark.x + width > Timeline::kRight;
    const double begin = mark.label_ends_here ? mark.x - width : mark.x;
    const bool displaces = begin < free_from && begin >= free_before && last && is_bad(mark) && !is_bad(*last);
    if (displaces) {
      last->label.clear();
      free_from = free_before;
    }
    if (begin < free_from) mark.label.clear();
    if (mark.label.empty()) continue;
    free_before = free_from;
    free_from = begin + width + kLabelGap;
    last = &mark;
  }
}

std::string kind_of(const Event& event) {
  if (event.what == "invariant" || event.what == "log" || event.act == "kill") return "failed";
  if (event.what == "fault" || event.what == "alarm") return event.cleared ? "passed" : "failed";
  return event.what;
}

/// A step that no eye can tell from the one before it is told in that one's tooltip only.
bool is_covered(const Mark& step, const std::vector<Mark>& before) {
  return !before.empty() && before.back().kind == step.kind &&
         step.x + step.width < before.back().x + before.back().width + 1;
}

Lane steps_lane(const Scenario& scenario, const Scale& scale) {
  Lane lane{"手順", "steps", 0, {}};
  for (const Step& step : scenario.steps) {
    if (step.outcome == Outcome::skipped) continue;
    const double x = scale.x(step.t);
    Mark mark{.x = x,
              .width = std::max(scale.x(step.until) - x, kNarrowest),
              .kind = to_text(step.outcome),
              .tooltip = fmt::format("{}. {}\n{}", step.n, step.text, moment(step.t)),
              .label = fmt::format("{} {}", step.n, step.verb),
              .label_ends_here = false};
    if (!is_covered(mark, lane.marks))
      lane.marks.push_back(std::move(mark));
    else if (lane.marks.back().tooltip.size() < kLongestTooltip)
      lane.marks.back().tooltip += "\n" + mark.tooltip;
  }
  place_labels(lane.marks);
  return lane;
}

Lane event_lane(const LaneRule& rule, const Scenario& scenario, const Scale& scale) {
  std::vector<Happening> happenings;
  for (const Event& event : scenario.events) {
    if (std::find(rule.what.begin(), rule.what.end(), event.what) == rule.what.end()) continue;
    const std::string text = event.text.empty() ? fmt::format("{} → {}", event.sent, event.acknowledged) : event.text;
    happenings.push_back({event.t, kind_of(event), event.who.empty() ? text : event.who + " " + text});
  }
  Lane lane{rule.title, rule.english, 0, gather(happenings, scale)};
  const bool is_stream = rule.what.front() == "telemetry";
  if (is_stream)
    for (Mark& mark : lane.marks) mark.label.clear();
  place_labels(lane.marks);
  return lane;
}

Lane mail_lane(const Scenario& scenario, const Scale& scale) {
  std::vector<Happening> happenings;
  for (const Mail& mail : scenario.mails) happenings.push_back({mail.t, "mail", mail.kind + " → " + mail.to});
  Lane lane{"メール", "mails", 0, gather(happenings, scale)};
  place_labels(lane.marks);
  return lane;
}

Lane page_lane(const Scenario& scenario, const Scale& scale) {
  std::vector<Happening> happenings;
  for (const Page& page : scenario.pages)
    happenings.push_back({page.t, page.status >= 400 ? "failed" : "page", page.as + ": " + page.page});
  Lane lane{"画面", "pages", 0, gather(happenings, scale)};
  place_labels(lane.marks);
  return lane;
}

}  // namespace

Timeline make_timeline(const Scenario& scenario) {
  const Scale scale(scenario.start, scenario.end);
  Timeline out;
  out.ticks = time_ticks(scenario.start, scenario.end);
  for (Tick& tick : out.ticks) tick.position = Timeline::kLeft + tick.position * (Timeline::kRight - Timeline::kLeft);

  double y = 8;
  out.plots = make_plots(scenario.series, to_seconds(scenario.end - scenario.start));
  for (Plot& plot : out.plots) {
    plot.y = y;
    y += Timeline::kPlotHeight + 16;
  }
  std::vector<Lane> lanes{steps_lane(scenario, scale)};
  for (const LaneRule& rule : kLanes) lanes.push_back(event_lane(rule, scenario, scale));
  lanes.push_back(mail_lane(scenario, scale));
  lanes.push_back(page_lane(scenario, scale));
  for (Lane& lane : lanes) {
    if (lane.marks.empty()) continue;
    lane.y = y;
    y += Timeline::kLaneHeight;
    out.lanes.push_back(std::move(lane));
  }
  out.height = y + 24;
  if (const Step* step = deciding_step(scenario)) {
    out.failure_x = scale.x(step->t);
    out.failure_width = std::max(scale.x(step->until) - out.failure_x, kNarrowest);
  }
  return out;
}

}  // namespace v2x::reports
