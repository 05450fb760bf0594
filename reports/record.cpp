#include "reports/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "common/jst.hpp"

namespace v2x::reports {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// ---- Members of one line; a wrong type throws Json::exception, which ends in add_line() ----

std::string text_of(const Json& line, const char* key) {
  return line.value(key, std::string());
}

std::vector<std::string> texts_of(const Json& line, const char* key) {
  return line.contains(key) ? line[key].get<std::vector<std::string>>() : std::vector<std::string>();
}

std::optional<double> number_of(const Json& line, const char* key) {
  const auto found = line.find(key);
  return found == line.end() || found->is_null() ? std::nullopt : std::optional(found->get<double>());
}

Time time_of(const Json& line, const char* key) {
  const auto t = parse_time(line.at(key).get<std::string>());
  return t ? *t : Time();
}

Outcome outcome_of(const Json& line) {
  const std::string word = line.at("outcome");
  for (const Outcome outcome : kOutcomes)
    if (to_text(outcome) == word) return outcome;
  return Outcome::error;
}

// ---- Lines by type ----

void add_head(const Json& line, Scenario& out) {
  out.path = text_of(line, "path");
  out.title = text_of(line, "title");
  out.why = text_of(line, "why");
  out.covers = texts_of(line, "covers");
  out.tags = texts_of(line, "tags");
  out.world = text_of(line, "world");
  out.reproduce = text_of(line, "reproduce");
  if (line.contains("case") && line["case"].is_object()) out.case_name = text_of(line["case"], "name");
  out.start = out.end = time_of(line, "start");
}

void add_step(const Json& line, Scenario& out) {
  Step step{.n = line.at("n"),
            .verb = text_of(line, "verb"),
            .text = text_of(line, "text"),
            .at = text_of(line, "at"),
            .t = time_of(line, "t"),
            .until = time_of(line, line.contains("until") ? "until" : "t"),
            .outcome = outcome_of(line),
            .within_s = number_of(line, "within_s"),
            .detail = text_of(line, "detail"),
            .explanation = std::nullopt};
  if (const auto found = line.find("explanation"); found != line.end() && found->is_object())
    step.explanation = Explanation{text_of(*found, "waited_for"), text_of(*found, "nearest_miss"),
                                   texts_of(*found, "last_events"), text_of(*found, "would_release")};
  out.end = std::max(out.end, step.until);
  out.steps.push_back(std::move(step));
}

void add_event(const Json& line, Scenario& out) {
  out.events.push_back({.t = time_of(line, "t"),
                        .what = text_of(line, "what"),
                        .who = text_of(line, "who"),
                        .text = text_of(line, "text"),
                        .sent = line.value("sent", 0),
                        .acknowledged = line.value("acknowledged", 0),
                        .act = text_of(line, "act"),
                        .cleared = text_of(line, "state") == "cleared" || !line.value("raised", true)});
}

void add_mail(const Json& line, Scenario& out) {
  Mail mail{time_of(line, "t"),  text_of(line, "message_id"), text_of(line, "kind"), text_of(line, "from"),
            text_of(line, "to"), text_of(line, "subject"),    text_of(line, "body"), line.value("copies", 1)};
  for (Mail& earlier : out.mails)
    if (earlier.message_id == mail.message_id) {
      earlier.copies = std::max(earlier.copies, mail.copies);
      return;
    }
  out.mails.push_back(std::move(mail));
}

void add_page(const Json& line, Scenario& out) {
  out.pages.push_back({time_of(line, "t"), text_of(line, "as"), text_of(line, "page"), text_of(line, "method"),
                       text_of(line, "path"), line.value("status", 0), text_of(line, "file"), text_of(line, "excerpt"),
                       line.value("screenshots", std::vector<std::string>())});
}

void add_measurement(const Json& line, Scenario& out) {
  out.measurements.push_back({time_of(line, "t"), text_of(line, "name"), line.at("value"), text_of(line, "unit"),
                              number_of(line, "low"), number_of(line, "high"), outcome_of(line), text_of(line, "why")});
}

/// What people see against the physics is a measurement whose limits are the physics give or take the tolerance.
void add_truth(const Json& line, Scenario& out) {
  const double physics = line.at("physics");
  const double tolerance = line.at("tolerance");
  out.measurements.push_back({time_of(line, "t"), text_of(line, "name"), line.at("shown"), text_of(line, "unit"),
                              physics - tolerance, physics + tolerance, outcome_of(line),
                              fmt::format("物理モデル {:.3f} ± {:g}", physics, tolerance)});
}

void add_ledger(const Json& line, Scenario& out) {
  Ledger ledger{text_of(line, "who"), text_of(line, "stream"), {}, outcome_of(line)};
  for (const char* key : {"made", "acknowledged", "stored", "missing", "doubled", "put_aside", "dropped"})
    ledger.counts[key] = line.value(key, 0L);
  out.ledgers.push_back(std::move(ledger));
}

void add_series(const Json& line, Scenario& out) {
  Series series{text_of(line, "path"), text_of(line, "title"), text_of(line, "unit"), {}};
  for (const Json& point : line.at("points"))
    series.points.emplace_back(point.at(0).get<double>(),
                               point.at(1).is_null() ? std::nullopt : std::optional(point.at(1).get<double>()));
  out.series.push_back(std::move(series));
}

void add_verdict(const Json& line, Scenario& out) {
  out.outcome = outcome_of(line);
  out.sentence = text_of(line, "sentence");
  out.span_s = line.value("span_s", 0.0);
  out.end = std::max(out.end, time_of(line, "t"));
}

using Adder = void (*)(const Json&, Scenario&);
const std::map<std::string, Adder> kAdders = {
    {"scenario", add_head}, {"step", add_step},      {"event", add_event},   {"mail", add_mail},
    {"page", add_page},     {"truth", add_truth},    {"ledger", add_ledger}, {"measurement", add_measurement},
    {"series", add_series}, {"verdict", add_verdict}};

/// Adds one line; an unknown type is left to newer readers. Gives its type.
Result<std::string> add_line(const std::string& text, Scenario& out) {
  const Json line = Json::parse(text, nullptr, false);
  if (!line.is_object()) return fail("bad_line", "is no JSON object");
  try {
    const std::string type = line.at("type");
    if (const auto adder = kAdders.find(type); adder != kAdders.end()) adder->second(line, out);
    return type;
  } catch (const Json::exception& error) {
    return fail("bad_line", error.what());
  }
}

Scenario read_scenario(const fs::path& folder, const std::string& name) {
  Scenario out;
  out.name = out.title = name;
  std::ifstream in(folder / "record.jsonl");
  out.has_record = in.is_open();
  if (!out.has_record) return out;
  std::string type;
  int number = 0;
  for (std::string text; std::getline(in, text);) {
    const auto added = add_line(text, out);
    ++number;
    if (!added) {
      out.outcome = Outcome::error;
      out.sentence =
          fmt::format("記録の{}行目が読めません。 Line {} of the record {}.", number, number, added.error().message);
      return out;
    }
    type = *added;
  }
  if (type != "verdict") {
    out.outcome = Outcome::error;
    out.sentence = "記録が途中で切れています。 The record ends without a verdict.";
  }
  return out;
}

void judge_missing(Scenario& scenario, bool run_finished) {
  if (scenario.has_record) return;
  scenario.outcome = run_finished ? Outcome::skipped : Outcome::error;
  scenario.sentence = run_finished ? "実行されませんでした。 Selected, but not run."
                                   : "実行前に中断されました。 The run was cut off before this scenario.";
}

void read_facts(const Json& facts, Run& run) {
  run.started = text_of(facts, "started");
  run.finished = facts.contains("finished");
  run.elapsed_s = number_of(facts, "elapsed_s");
  run.seed = facts.contains("seed") ? facts["seed"].dump() : std::string();
  run.clock = text_of(facts, "clock");
  run.command = fmt::format("{}", fmt::join(texts_of(facts, "command"), " "));
  const Json versions = facts.value("versions", Json::object());
  for (const auto& [program, version] : versions.items())
    run.versions.emplace_back(program, version.get<std::string>());
}

void read_scenarios(const Json& facts, Run& run) {
  const auto known = [&](const std::string& name) {
    return std::any_of(run.scenarios.begin(), run.scenarios.end(), [&](const auto& s) { return s.name == name; });
  };
  for (const Json& selected : facts.value("scenarios", Json::array())) {
    const std::string name = selected.at("name");
    run.scenarios.push_back(read_scenario(run.directory / name, name));
    run.scenarios.back().elapsed_s = number_of(selected, "elapsed_s");
    judge_missing(run.scenarios.back(), run.finished);
  }
  std::vector<std::string> others;
  for (const auto& entry : fs::recursive_directory_iterator(run.directory))
    if (entry.path().filename() == "record.jsonl")
      others.push_back(fs::relative(entry.path().parent_path(), run.directory).string());
  std::sort(others.begin(), others.end());
  for (const auto& name : others)
    if (!known(name)) run.scenarios.push_back(read_scenario(run.directory / name, name));
}

}  // namespace

std::string to_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed:
      return "passed";
    case Outcome::failed:
      return "failed";
    case Outcome::error:
      return "error";
    case Outcome::skipped:
      break;
  }
  return "skipped";
}

Result<Run> read_run(const fs::path& directory) {
  Run run;
  run.directory = directory;
  run.name = (directory.has_filename() ? directory : directory.parent_path()).filename().string();
  std::ifstream in(directory / "run.json");
  const Json facts = Json::parse(in, nullptr, false);
  if (!facts.is_object())
    return fail("no_record", (directory / "run.json").string() + ": not readable, expected the facts of a run");
  try {
    read_facts(facts, run);
    read_scenarios(facts, run);
  } catch (const std::exception& error) {
    return fail("no_record", fmt::format("{}: {}", directory.string(), error.what()));
  }
  return run;
}

}  // namespace v2x::reports
