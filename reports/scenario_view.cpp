#include <fmt/format.h>

#include <algorithm>

#include "common/units.hpp"
#include "reports/verdict.hpp"
#include "reports/view.hpp"
#include "reports/words.hpp"

namespace v2x::reports {
namespace {

constexpr size_t kMostEvents = 200;  // listed in the page; the record has them all

View text_view(const std::string& text) {
  View view;
  view.set("text", text);
  return view;
}

std::string percent(double share) {
  return fmt::format("{:.1f}", 100 * std::clamp(share, 0.0, 1.0));
}

std::string since_start(Time t, const Scenario& scenario) {
  return "+" + span(to_seconds(t - scenario.start));
}

View explanation_view(const Explanation& why) {
  View view;
  set_text(view, "waited_for", why.waited_for);
  set_text(view, "nearest_miss", why.nearest_miss);
  set_text(view, "would_release", why.would_release);
  view.set("has_events", !why.last_events.empty());
  view.set("last_events", list_view(why.last_events, text_view));
  return view;
}

View step_view(const Step& step, const Scenario& scenario) {
  View view;
  set_outcome(view, step.outcome);
  view.set("n", std::to_string(step.n));
  view.set("step_text", step.text);
  set_text(view, "at", step.at.substr(step.at.rfind('/') + 1));
  view.set("moment", moment(step.t));
  view.set("since", since_start(step.t, scenario));
  set_text(view, "detail", step.detail);
  const double took_s = to_seconds(step.until - step.t);
  set_text(view, "took", took_s > 0 ? span(took_s) : "");
  const bool waited = step.within_s && *step.within_s > 0 && step.outcome != Outcome::skipped;
  set_text(view, "limit", waited ? span(*step.within_s) : "");
  view.set("took_share", waited ? percent(took_s / *step.within_s) : "0");
  return view;
}

/// A bar from the lowest to the highest of value and limits, with the allowed part shaded and the value marked.
View measurement_view(const Measurement& measurement) {
  const double value = measurement.value;
  double from = std::min({value, measurement.low.value_or(value), measurement.high.value_or(value)});
  double to = std::max({value, measurement.low.value_or(value), measurement.high.value_or(value)});
  if (!measurement.low) from = std::min(from, 0.0);
  const double margin = to > from ? 0.1 * (to - from) : 1;
  if (measurement.low) from -= margin;
  to += margin;
  const auto share = [&](double at) { return (at - from) / (to - from); };

  View view;
  set_outcome(view, measurement.outcome);
  view.set("name", measurement.name);
  view.set("value", figure(value));
  view.set("unit", measurement.unit);
  set_text(view, "low", measurement.low ? figure(*measurement.low) : "");
  set_text(view, "high", measurement.high ? figure(*measurement.high) : "");
  set_text(view, "reason", measurement.why);
  const double allowed_from = measurement.low ? share(*measurement.low) : 0;
  const double allowed_to = measurement.high ? share(*measurement.high) : 1;
  view.set("allowed_left", percent(allowed_from));
  view.set("allowed_width", percent(allowed_to - allowed_from));
  view.set("value_left", percent(share(value)));
  return view;
}

View ledger_view(const Ledger& ledger) {
  View view;
  set_outcome(view, ledger.outcome);
  view.set("who", ledger.who);
  view.set("stream", ledger.stream);
  for (const auto& [name, count] : ledger.counts) view.set(name, figure(static_cast<double>(count)));
  return view;
}

View mail_view(const Mail& mail) {
  View view;
  view.set("moment", moment(mail.t));
  view.set("kind", mail.kind);
  view.set("from", mail.from);
  view.set("to", mail.to);
  view.set("subject", mail.subject);
  view.set("body", mail.body);
  set_text(view, "copies", mail.copies > 1 ? std::to_string(mail.copies) : "");
  return view;
}

View page_view(const Page& page, const Scenario& scenario) {
  const auto link = [&](const std::string& file) { return file.empty() ? file : scenario.name + "/" + file; };
  View view;
  view.set("moment", moment(page.t));
  view.set("as", page.as);
  view.set("page", page.page);
  view.set("method", page.method);
  view.set("path", page.path);
  view.set("status", std::to_string(page.status));
  view.set("bad_status", page.status >= 400);
  set_text(view, "file", link(page.file));
  view.set("screenshots", list_view(page.screenshots, [&](const std::string& file) {
             View picture;
             picture.set("picture", link(file));
             return picture;
           }));
  view.set("has_screenshots", !page.screenshots.empty());
  set_text(view, "excerpt", page.excerpt);
  return view;
}

View event_view(const Event& event) {
  View view;
  view.set("moment", moment(event.t));
  view.set("what", event.what);
  view.set("who", event.who);
  view.set("text", event.text);
  return view;
}

/// The latest events without telemetry, which the timeline shows better.
void set_events(View& view, const Scenario& scenario) {
  std::vector<Event> told;
  for (const Event& event : scenario.events)
    if (event.what != "telemetry") told.push_back(event);
  const size_t hidden = told.size() > kMostEvents ? told.size() - kMostEvents : 0;
  set_text(view, "event_count", told.empty() ? "" : std::to_string(told.size()));
  set_text(view, "events_hidden", hidden == 0 ? "" : std::to_string(hidden));
  told.erase(told.begin(), told.begin() + static_cast<std::ptrdiff_t>(hidden));
  view.set("events", list_view(told, event_view));
}

void set_failure(View& view, const Scenario& scenario) {
  const Step* step = deciding_step(scenario);
  const bool bad = scenario.outcome == Outcome::failed || scenario.outcome == Outcome::error;
  view.set("bad", bad);
  view.set("deciding", step ? step_view(*step, scenario) : View(false));
  view.set("explanation", step && step->explanation ? explanation_view(*step->explanation) : View(false));
}

}  // namespace

View scenario_view(const Scenario& scenario) {
  View view;
  set_outcome(view, scenario.outcome);
  view.set("name", scenario.name);
  view.set("title", scenario.title);
  set_text(view, "why", scenario.why);
  set_text(view, "sentence", scenario.sentence);
  view.set("covers", list_view(scenario.covers, text_view));
  view.set("tags", list_view(scenario.tags, text_view));
  set_text(view, "world", scenario.world);
  view.set("start", moment(scenario.start));
  set_text(view, "simulated", scenario.span_s > 0 ? span(scenario.span_s) : "");
  set_text(view, "elapsed", scenario.elapsed_s ? span(*scenario.elapsed_s) : "");
  set_text(view, "reproduce", scenario.reproduce);
  view.set("has_record", scenario.has_record);
  set_failure(view, scenario);

  view.set("has_steps", !scenario.steps.empty());
  view.set("steps", list_view(scenario.steps, [&](const Step& step) { return step_view(step, scenario); }));
  view.set("has_measurements", !scenario.measurements.empty());
  view.set("measurements", list_view(scenario.measurements, measurement_view));
  view.set("has_ledgers", !scenario.ledgers.empty());
  view.set("ledgers", list_view(scenario.ledgers, ledger_view));
  set_text(view, "mail_count", scenario.mails.empty() ? "" : std::to_string(scenario.mails.size()));
  view.set("mails", list_view(scenario.mails, mail_view));
  set_text(view, "page_count", scenario.pages.empty() ? "" : std::to_string(scenario.pages.size()));
  view.set("pages", list_view(scenario.pages, [&](const Page& page) { return page_view(page, scenario); }));
  set_events(view, scenario);
  view.set("timeline", timeline_view(scenario));
  return view;
}

}  // namespace v2x::reports
