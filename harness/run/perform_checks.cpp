#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "common/jst.hpp"
#include "common/units.hpp"
#include "harness/run/perform.hpp"

namespace v2x::run {
namespace {

using scenario::show_value;

// A `for` that is over exactly at the deadline must still be seen.
constexpr Duration kJustAfter = std::chrono::milliseconds(1);

StepResult unmet(const scenario::Expect& step, Session& session, const std::string& waited_for,
                 const std::string& release) {
  const auto value = session.read(step.condition.path);
  const std::string found = value ? show_value(*value, step.condition.unit) : value.error().message;
  StepResult result = failed(fmt::format("{} is {}, expected {}", step.condition.path, found, waited_for));
  result.explanation = session.explain(waited_for, step.condition.path + " is " + found, release);
  return result;
}

StepResult expect_now(const scenario::Expect& step, Session& session) {
  const auto value = session.read(step.condition.path);
  if (!value) return to_result(value.error());
  if (step.condition.holds(*value))
    return passed(step.condition.path + " is " + show_value(*value, step.condition.unit));
  return unmet(step, session, step.condition.shown + " now", step.condition.shown);
}

/// Waits within `within`, then demands that it holds for `lasting`.
StepResult expect_in_time(const scenario::Expect& step, Session& session) {
  const Time begin = session.now();
  const Duration lasting = step.lasting.value_or(Duration(0));
  const Time deadline = begin + step.within.value_or(Duration(0)) + lasting;
  Json condition = step.condition.to_json();
  if (step.lasting) condition["for"] = to_seconds(lasting);
  const auto stop = session.wait_until(step.lasting ? deadline + kJustAfter : deadline, {condition});
  if (!stop) return to_result(stop.error());
  if (stop->cause == "until" && stop->at <= deadline)
    return passed(fmt::format("after {}", format_duration(stop->at - begin)));
  if (!session.breach().empty()) return skipped("the run was stopped before it could be seen");
  std::string waited_for = step.condition.shown;
  if (step.within) waited_for += " within " + format_duration(*step.within);
  if (step.lasting) waited_for += " for " + format_duration(*step.lasting);
  return unmet(step, session, waited_for, step.condition.shown + " by " + format_time(deadline));
}

/// "1,234.5 kWh" → 1234500 Wh; nullopt for "-".
std::optional<double> shown_wh(const std::string& text) {
  std::string digits;
  for (const char c : text)
    if (c != ',') digits += c;
  double value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failure != std::errc() || std::string_view(end).find("kWh") == std::string_view::npos) return std::nullopt;
  return value * 1000;
}

/// The totals are of the newest minute that the page knows: the physics must be asked for the same span.
Result<Time> shown_time(const actors::View& view) {
  const std::string text = view.page.text("#now-time").value_or("");
  std::string iso = text.substr(0, 10) + "T" + (text.size() >= 16 ? text.substr(11, 5) : "") + ":00";
  for (char& c : iso) c = c == '/' ? '-' : c;
  const auto time = parse_time(iso);
  if (!time) return fail("page", "the page shows the time 「" + text + "」, expected YYYY/MM/DD HH:MM");
  return *time;
}

struct Comparison {
  std::string name;
  std::string shown_text;
  double physics_wh = 0;
};

/// One figure, into the record; an empty text when it is true.
std::string compare(const Comparison& figure, double tolerance_wh, Session& session) {
  const auto shown = shown_wh(figure.shown_text);
  const bool near = shown && std::abs(*shown - figure.physics_wh) <= tolerance_wh + 1e-6;
  if (session.record()) {
    Json line{{"step", session.step},
              {"name", figure.name},
              {"physics", std::round(figure.physics_wh) / 1000},
              {"tolerance", tolerance_wh / 1000},
              {"unit", "kWh"},
              {"outcome", near ? "passed" : "failed"}};
    line["shown"] = shown ? Json(*shown / 1000) : Json(figure.shown_text);
    session.record()->line("truth", session.now(), std::move(line));
  }
  return near ? ""
              : fmt::format("{} shows 「{}」, the physics say {:.3f} kWh", figure.name, figure.shown_text,
                            figure.physics_wh / 1000);
}

/// What the page's totals are of: today up to its newest minute, or a whole day.
Result<std::pair<Time, Time>> shown_span(const scenario::Truth& step, const actors::View& view, Session& session) {
  if (step.days_ago > 0)
    return std::pair(jst_midnight(session.now(), -step.days_ago) + step.since,
                     jst_midnight(session.now(), 1 - step.days_ago));
  const auto until = shown_time(view);
  if (!until) return fail(until.error());
  // The minute that ends at midnight belongs to the day before: half-open on the right (MON-20).
  return std::pair(jst_midnight(*until) + step.since, *until);
}

std::string address_of(const scenario::Truth& step, Session& session) {
  std::string address =
      step.page->path + "?gw=" + session.scenario().world.find_site(step.site)->gateway_id + step.page->of_day;
  const size_t date = address.find("{date}");
  if (date != std::string::npos)
    address.replace(date, 6, format_jst(jst_midnight(session.now(), -step.days_ago), "%Y-%m-%d"));
  return address;
}

/// Records of one stream: what the gateway made against what the store holds.
StepResult check_stream(const std::string& gateway, const Json& made, const Json& stored, Session& session) {
  const auto count = [](const Json& line, const char* name) {
    return line.is_object() ? line.value(name, std::int64_t{0}) : 0;
  };
  const auto acknowledged = count(made, "acknowledged");
  // What a gateway calls dropped when asked again, but never dropped, was acknowledged to it and not stored.
  const auto lost = std::max<std::int64_t>(0, count(stored, "dropped") - count(made, "dropped"));
  const auto missing = count(stored, "missing") + lost;
  const bool whole = missing == 0 && count(stored, "doubled") == 0 && count(stored, "mark") >= acknowledged;
  if (session.record()) {
    Json line{{"step", session.step},
              {"who", gateway},
              {"stream", made.value("stream", "")},
              {"outcome", whole ? "passed" : "failed"}};
    for (const char* name : {"made", "acknowledged", "dropped"}) line[name] = count(made, name);
    for (const char* name : {"stored", "doubled", "put_aside"}) line[name] = count(stored, name);
    line["missing"] = missing;
    session.record()->line("ledger", session.now(), std::move(line));
  }
  const std::string counts =
      fmt::format("{} acknowledged, {} stored, {} missing, {} doubled, mark {}", acknowledged, count(stored, "stored"),
                  missing, count(stored, "doubled"), count(stored, "mark"));
  return whole ? passed(counts) : failed(counts);
}

const Json* find_stream(const Json& answer, const std::string& stream) {
  for (const Json& line : answer.at("streams"))
    if (line.value("stream", "") == stream) return &line;
  return nullptr;
}

}  // namespace

StepResult perform(const scenario::Expect& step, Session& session) {
  return step.within || step.lasting ? expect_in_time(step, session) : expect_now(step, session);
}

StepResult perform(const scenario::Measure& step, Session& session) {
  const auto value = session.read(step.path);
  if (!value) return to_result(value.error());
  if (!value->is_number()) return failed(step.path + " is absent, expected a number");
  const double number = value->get<double>();
  const bool good = (!step.low || number > *step.low) && (!step.high || number < *step.high);
  if (session.record()) {
    Json line{{"step", session.step}, {"name", step.name}, {"value", number},
              {"unit", step.unit},    {"why", step.why},   {"outcome", good ? "passed" : "failed"}};
    if (step.low) line["low"] = *step.low;
    if (step.high) line["high"] = *step.high;
    session.record()->line("measurement", session.now(), std::move(line));
  }
  const std::string text = step.name + " is " + show_value(*value, step.unit);
  return good ? passed(text) : failed(text + ", out of its limits (" + step.why + ")");
}

StepResult perform(const scenario::Truth& step, Session& session) {
  const auto view = session.people().open(step.person, address_of(step, session));
  if (const Status settled = session.settle(); !settled) return to_result(settled);
  if (!view) return to_result(view.error());
  const auto span = shown_span(step, *view, session);
  if (!span) return to_result(span.error());
  const auto truth = session.stage().simulator().call(
      "truth", {{"site", step.site}, {"from", format_time(span->first)}, {"to", format_time(span->second)}});
  if (!truth) return to_result(truth.error());
  std::string wrong;
  for (const scenario::PageTotal& total : step.page->totals) {
    const std::string shown = view->page.text(*step.page->element(total.label)).value_or("");
    const std::string sentence =
        compare({total.label, shown, truth->value(total.truth, 0.0)}, step.tolerance_wh, session);
    if (!sentence.empty()) wrong += (wrong.empty() ? "" : "; ") + sentence;
  }
  return wrong.empty() ? passed(format_time(span->first) + " to " + format_time(span->second)) : failed(wrong);
}

StepResult perform(const scenario::Ledger& step, Session& session) {
  const std::string& gateway = session.scenario().world.find_site(step.site)->gateway_id;
  const auto made = session.stage().simulator().call("ledger", {{"site", step.site}});
  if (!made) return to_result(made.error());
  const auto stored = session.stage().backend().call("ledger", {{"gateway", gateway}});
  if (!stored) return to_result(stored.error());
  if (!made->contains("streams") || !stored->contains("streams")) return error("an answer to 'ledger' has no streams");
  StepResult result = passed("no stream yet");
  for (const Json& line : made->at("streams")) {
    const Json* found = find_stream(*stored, line.value("stream", ""));
    StepResult stream = check_stream(gateway, line, found ? *found : Json(), session);
    if (result.outcome == Outcome::passed) result = std::move(stream);
  }
  return result;
}

}  // namespace v2x::run
