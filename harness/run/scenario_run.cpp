#include "harness/run/scenario_run.hpp"

#include <fmt/format.h>

#include "common/bad_input.hpp"
#include "common/jst.hpp"
#include "common/units.hpp"
#include "harness/run/determinism.hpp"
#include "harness/run/perform.hpp"
#include "harness/run/world_set_up.hpp"

namespace v2x::run {
namespace {

Json explanation_json(const Explanation& explanation) {
  return {{"waited_for", explanation.waited_for},
          {"nearest_miss", explanation.nearest_miss},
          {"last_events", explanation.last_events},
          {"would_release", explanation.would_release}};
}

std::optional<Duration> within_of(const scenario::Act& act) {
  if (const auto* expect = std::get_if<scenario::Expect>(&act)) return expect->within;
  if (const auto* mail = std::get_if<scenario::Mail>(&act)) return mail->within;
  return std::nullopt;
}

/// One scenario on its way. Its members live as long as the run.
class ScenarioRun {
 public:
  ScenarioRun(const scenario::Scenario& scenario, const ScenarioOptions& options)
      : scenario_(scenario),
        options_(options),
        record_(options.directory),
        stage_(scenario.world, stage_options()),
        session_(scenario, stage_, &record_, options.browsers, options.pictures) {}

  ScenarioResult run() {
    write_head();
    if (const Status ready = get_ready(); !ready) {
      extra_step("start", "the world is made and its boxes run", to_result(ready));
    }
    for (const scenario::Step& step : scenario_.steps) take(step);
    check_never();
    check_logs();
    tear_down();
    session_.curves().write(record_);
    check_determinism();
    return verdict();
  }

 private:
  world::StageOptions stage_options() const {
    world::StageOptions stage;
    stage.programs = options_.programs;
    stage.logs = options_.directory / "logs";
    stage.start = scenario_.start;
    stage.seed = options_.seed;
    stage.keep = options_.keep;
    stage.patience = options_.patience;
    return stage;
  }

  std::string reproduce() const {
    return fmt::format("v2x run {}{} --seed {}{}", scenario_.path,
                       scenario_.case_name.empty() ? "" : "@" + scenario_.case_name, options_.seed,
                       options_.browsers ? " --via browser" : "");
  }

  void write_head() {
    Json head{{"format", 1},
              {"name", options_.name},
              {"path", scenario_.path},
              {"title", scenario_.title},
              {"why", scenario_.why},
              {"covers", scenario_.covers},
              {"tags", scenario_.tags},
              {"world", scenario_.world.name},
              {"start", format_time(scenario_.start)},
              {"seed", options_.seed},
              {"reproduce", reproduce()}};
    if (!scenario_.case_name.empty()) {
      Json values = Json::object();
      for (const auto& [key, value] : scenario_.case_values) values[key] = value;
      head["case"] = {{"name", scenario_.case_name}, {"values", values}};
    }
    record_.line("scenario", std::move(head));
  }

  Status get_ready() {
    const world::StateCache cache(options_.cache);
    const std::string key = world::StateCache::key(scenario_.world, options_.programs, scenario_.start, options_.seed);
    if (Status made = set_up_world(scenario_, stage_, cache, key); !made) return made;
    session_.begin();
    session_.people().load(people_file(stage_));
    const auto backend = stage_.start_backend();
    if (!backend) return fail(backend.error());
    const auto simulator = stage_.start_simulator();
    if (!simulator) return fail(simulator.error());
    for (const auto* hello : {&*backend, &*simulator})
      versions_[hello->value("program", "")] = hello->value("version", "");
    const auto ready = stage_.simulator().call("uplink_ready", Json::object());
    if (!ready) return fail(ready.error());
    if (options_.browsers)
      if (const Status driver = options_.browsers->start(); !driver) return driver;
    std::vector<Json> never;
    for (const scenario::Condition& condition : scenario_.never) never.push_back(condition.to_json());
    session_.clock().forbid(std::move(never));
    return session_.settle();
  }

  /// Why nothing more is tried; empty while all is well.
  std::string stopped() const {
    if (worst_ != Outcome::passed) return "an earlier step did not pass";
    if (!session_.breach().empty()) return session_.breach();
    if (options_.interrupted && *options_.interrupted) return "the run was interrupted";
    return {};
  }

  std::optional<std::string> died_unasked() {
    if (auto end = stage_.died_unasked()) return end;
    return options_.browsers ? options_.browsers->died_unasked() : std::nullopt;
  }

  void take(const scenario::Step& step) {
    const Time begin = session_.now();
    session_.step = ++steps_;
    StepResult result;
    if (const std::string why = stopped(); !why.empty()) {
      result = skipped(why);
    } else {
      result = std::visit([&](const auto& act) { return perform(act, session_); }, step.act);
      if (result.outcome == Outcome::failed) session_.people().take_pictures();
      if (auto end = died_unasked()) result = error(*end);
    }
    write_step(step.verb, step.text, step.place, begin, within_of(step.act), result);
    if (options_.progress) options_.progress(session_.now());
  }

  void write_step(const std::string& verb, const std::string& text, const std::string& place, Time begin,
                  std::optional<Duration> within, const StepResult& result) {
    Json line{{"n", steps_},
              {"verb", verb},
              {"text", text},
              {"at", place},
              {"until", format_time(session_.now())},
              {"outcome", to_string(result.outcome)}};
    if (within) line["within_s"] = to_seconds(*within);
    if (!result.detail.empty()) line["detail"] = result.detail;
    const Explanation explanation = result.explanation.value_or(session_.explain(text, result.detail, ""));
    if (result.outcome == Outcome::failed || result.outcome == Outcome::error)
      line["explanation"] = explanation_json(explanation);
    line["t"] = format_time(begin);
    record_.step(std::move(line));
    ++counts_[to_string(result.outcome)];
    if (result.outcome == Outcome::skipped) return;
    const bool decides = worse(worst_, result.outcome) != worst_;
    worst_ = worse(worst_, result.outcome);
    if (!decides) return;
    sentence_ = fmt::format("{}: {}", text, result.detail);
    last_events_ = explanation.last_events;
  }

  /// A finding that belongs to no step of the file.
  void extra_step(const std::string& verb, const std::string& text, const StepResult& result) {
    ++steps_;
    write_step(verb, text, scenario_.path, session_.now(), std::nullopt, result);
  }

  void check_never() {
    if (!session_.breach().empty()) extra_step("never", "never", failed(session_.breach()));
  }

  void check_logs() {
    for (world::Box* box : {&stage_.backend(), &stage_.simulator()}) {
      const auto lines = box->error_lines();
      for (const std::string& line : lines)
        record_.event(session_.now(),
                      {{"what", "log"}, {"who", box->name()}, {"level", "error"}, {"line", line}, {"text", line}});
      if (!lines.empty())
        extra_step("never", "log error", failed(fmt::format("{} logged: {}", box->name(), lines.front())));
    }
  }

  void tear_down() {
    const bool broken = worst_ == Outcome::error;
    session_.people().close_browsers();
    const Status stopped = stage_.stop_all();
    if (!stopped && !broken) extra_step("stop", "all boxes end in order", error(stopped.error().message));
  }

  void check_determinism() {
    if (options_.same_as.empty()) return;
    const auto difference = first_difference(options_.same_as, options_.directory / "record.jsonl");
    if (difference) extra_step("determinism", "a second pass leaves the same record", failed(*difference));
  }

  ScenarioResult verdict() {
    const bool nothing = counts_["passed"] == 0 && worst_ == Outcome::passed;
    const Outcome outcome = nothing ? Outcome::skipped : worst_;
    const double span = to_seconds(session_.now() - scenario_.start);
    if (outcome == Outcome::passed)
      sentence_ = fmt::format("{} steps passed in {} of simulated time", counts_["passed"],
                              format_duration(session_.now() - scenario_.start));
    Json steps = Json::object();
    for (const char* word : {"passed", "failed", "error", "skipped"}) steps[word] = counts_[word];
    record_.line("verdict", session_.now(),
                 {{"outcome", to_string(outcome)}, {"sentence", sentence_}, {"steps", steps}, {"span_s", span}});
    return {options_.name, outcome,      sentence_,  span, 0, options_.keep ? stage_.scratch().string() : "",
            versions_,     last_events_, reproduce()};
  }

  const scenario::Scenario& scenario_;
  const ScenarioOptions& options_;
  Record record_;
  world::Stage stage_;
  Session session_;
  int steps_ = 0;
  Outcome worst_ = Outcome::passed;
  std::string sentence_;
  std::vector<std::string> last_events_;  ///< before the step that decided
  std::map<std::string, int> counts_;
  std::map<std::string, std::string> versions_;
};

}  // namespace

ScenarioResult run_scenario(const scenario::Scenario& scenario, const ScenarioOptions& options) {
  const SteadyTime begin = steady_now();
  ScenarioResult result;
  try {
    result = ScenarioRun(scenario, options).run();
  } catch (const std::exception& problem) {  // a port, a directory, a missing program
    result = {options.name, Outcome::error, problem.what(), 0, 0, "", {}, {}, {}};
  }
  result.elapsed_s = std::chrono::duration<double>(steady_now() - begin).count();
  return result;
}

}  // namespace v2x::run
