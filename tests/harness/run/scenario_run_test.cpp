// Outcomes of whole scenarios against fake boxes: what passed, what failed and why, what was the bench's error.
#include "harness/run/scenario_run.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

#include "common/bad_input.hpp"
#include "harness/actors/mail.hpp"
#include "harness/run/record.hpp"
#include "harness/scenario/loader.hpp"
#include "tests/paths.hpp"

namespace v2x::run {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class ScenarioRunTest : public testing::Test {
 protected:
  ScenarioRunTest() : folder_(fs::path(testing::TempDir()) / ("run-" + std::to_string(getpid()))) {
    fs::create_directories(folder_ / "scenarios/worlds");
    fs::create_directories(folder_ / "programs");
    fs::copy_file(in_sources("scenarios/worlds/home.yaml"), folder_ / "scenarios/worlds/home.yaml");
    for (const char* name : {"v2x-sim", "v2x-backend"}) fs::create_symlink(FAKE_BOX, folder_ / "programs" / name);
    fs::current_path(folder_);
    actors::start_mail_parser();
  }
  ~ScenarioRunTest() override {
    fs::current_path("/");
    fs::remove_all(folder_);
  }

  ScenarioResult run(const std::string& steps, const std::string& pass = "pass", const std::string& same_as = "") {
    std::ofstream("scenarios/x.yaml")
        << "title: 題\nwhy: w\ncovers: [MON-01]\ntags: [t]\nworld: home\nstart: 2026-04-01T12:00:00+09:00\nsteps:\n" +
               steps;
    const auto scenarios = scenario::load_scenario("scenarios/x.yaml", contracts::QuantityCatalogue::load());
    ScenarioOptions options;
    options.directory = folder_ / pass;
    options.programs = folder_ / "programs";
    options.cache = folder_ / "cache";
    options.name = pass;
    options.patience.stop = std::chrono::seconds(1);
    if (!same_as.empty()) options.same_as = folder_ / same_as / "record.jsonl";
    return run_scenario(scenarios.at(0), options);
  }

  std::vector<Json> lines(const std::string& type, const std::string& pass = "pass") {
    std::vector<Json> found;
    std::ifstream in(folder_ / pass / "record.jsonl");
    for (std::string line; std::getline(in, line);) {
      Json json = Json::parse(line);
      if (json["type"] == type) found.push_back(std::move(json));
    }
    return found;
  }

  fs::path folder_;
};

TEST_F(ScenarioRunTest, AllStepsPassAndLeaveARecord) {
  const auto result =
      run("  - advance: 10 min\n  - set: {home.grid.voltage_u: 116 V}\n  - expect: {home.pcs1.fault: E1-1, within: 1.1 "
          "s}\nnever:\n  - {home.ev.soc: {below: 30 %}}\n");
  EXPECT_EQ(result.outcome, Outcome::passed) << result.sentence;
  EXPECT_EQ(result.span_s, 601);
  const auto steps = lines("step");
  ASSERT_EQ(steps.size(), 3u);
  EXPECT_EQ(steps[2]["text"], "expect: {home.pcs1.fault: E1-1, within: 1.1 s}");
  EXPECT_EQ(steps[2]["at"], "scenarios/x.yaml:10");
  EXPECT_EQ(steps[2]["t"], "2026-04-01T12:10:00+09:00");
  EXPECT_EQ(steps[2]["until"], "2026-04-01T12:10:01+09:00");
  EXPECT_EQ(steps[2]["within_s"], 1.1);
  EXPECT_EQ(lines("scenario").at(0)["reproduce"], "v2x run scenarios/x.yaml --seed 1");
  EXPECT_EQ(lines("verdict").at(0)["outcome"], "passed");
  EXPECT_EQ(lines("event").at(0)["what"], "act");
  EXPECT_EQ(lines("event").at(1)["who"], "home.pcs1");
}

TEST_F(ScenarioRunTest, AWaitInVainExplainsItselfAndTheRestIsSkipped) {
  const auto result = run(
      "  - set: {home.grid.voltage_u: 114 V}\n  - expect: {home.pcs1.fault: E1-1, within: 2 s}\n  - advance: 1 min\n");
  EXPECT_EQ(result.outcome, Outcome::failed);
  EXPECT_THAT(result.sentence, HasSubstr("home.pcs1.fault is none, expected home.pcs1.fault is E1-1 within 2 s"));
  const auto steps = lines("step");
  const Json& why = steps.at(1)["explanation"];
  EXPECT_EQ(why["waited_for"], "home.pcs1.fault is E1-1 within 2 s");
  EXPECT_EQ(why["nearest_miss"], "home.pcs1.fault is none");
  EXPECT_EQ(why["would_release"], "home.pcs1.fault is E1-1 by 2026-04-01T12:00:02+09:00");
  EXPECT_THAT(why["last_events"].dump(), HasSubstr("home.grid.voltage_u = 114 V"));
  EXPECT_EQ(steps.at(2)["outcome"], "skipped");
}

TEST_F(ScenarioRunTest, AMissingMailTellsWhatTheBackendDecided) {
  const auto result = run("  - mail: {to: shop4001.contact1, kind: M-30, within: 11 min, exactly: 1}\n");
  EXPECT_EQ(result.outcome, Outcome::failed);
  EXPECT_THAT(lines("step").at(0)["explanation"]["nearest_miss"].get<std::string>(),
              HasSubstr("M-30 for contact1@example.jp: held_cleared"));
  EXPECT_EQ(lines("step").at(0)["until"], "2026-04-01T12:11:00+09:00");
}

TEST_F(ScenarioRunTest, NoMailIsWhatNoneAsksFor) {
  EXPECT_EQ(run("  - mail: {to: hanako, none: yes, within: 1 min}\n").outcome, Outcome::passed);
}

TEST_F(ScenarioRunTest, ABoxThatDiesIsAnErrorOfTheBench) {
  const auto result = run("  - set: {home.load_w: 1 W}\n  - advance: 1 min\n");
  EXPECT_EQ(result.outcome, Outcome::error);
  EXPECT_THAT(result.sentence, HasSubstr("sim died unasked: exit code 3"));
}

TEST_F(ScenarioRunTest, AKilledBackendIsNoDeath) {
  const auto result = run("  - kill: backend\n  - advance: 1 min\n  - start: backend\n  - advance: 1 min\n");
  EXPECT_EQ(result.outcome, Outcome::passed) << result.sentence;
}

TEST_F(ScenarioRunTest, ABoxThatStaysAfterTheEndIsAnError) {
  const auto result = run("  - set: {home.load_w: 3 W}\n  - advance: 1 min\n");
  EXPECT_EQ(result.outcome, Outcome::error);
  EXPECT_THAT(result.sentence, HasSubstr("sim was still there 1000 ms after SIGTERM"));
}

TEST_F(ScenarioRunTest, AnErrorLineInALogFails) {
  const auto result = run("  - set: {home.load_w: 2 W}\n  - advance: 1 min\n");
  EXPECT_EQ(result.outcome, Outcome::failed);
  EXPECT_THAT(result.sentence, HasSubstr("something broke"));
}

TEST_F(ScenarioRunTest, ABrokenNeverFailsAndStopsTime) {
  const auto result = run("  - advance: 1 min\nnever:\n  - {home.ev.soc: {below: 70 %}}\n");
  EXPECT_EQ(result.outcome, Outcome::failed);
  EXPECT_THAT(result.sentence, HasSubstr("home.ev.soc"));
  EXPECT_EQ(lines("step").back()["verb"], "never");
}

TEST_F(ScenarioRunTest, AMissingRecordInTheLedgerFails) {
  const auto result = run("  - ledger: home\n");
  EXPECT_EQ(result.outcome, Outcome::failed);
  EXPECT_THAT(result.sentence, HasSubstr("1 missing"));
  EXPECT_EQ(lines("ledger").at(0)["acknowledged"], 4);
}

TEST_F(ScenarioRunTest, TwoPassesAreTheSameUnlessADiceIsRolled) {
  EXPECT_EQ(run("  - advance: 1 min\n", "a").outcome, Outcome::passed);
  EXPECT_EQ(run("  - advance: 1 min\n", "b", "a").outcome, Outcome::passed);
  EXPECT_EQ(run("  - set: {home.load_w: 4 W}\n  - advance: 1 min\n", "c").outcome, Outcome::passed);
  const auto second = run("  - set: {home.load_w: 4 W}\n  - advance: 1 min\n", "d", "c");
  EXPECT_EQ(second.outcome, Outcome::failed);
  EXPECT_THAT(second.sentence, HasSubstr("a second pass leaves the same record"));
}

TEST_F(ScenarioRunTest, AMissingProgramIsAnError) {
  fs::remove(folder_ / "programs/v2x-sim");
  const auto result = run("  - advance: 1 min\n");
  EXPECT_EQ(result.outcome, Outcome::error);
  EXPECT_THAT(result.sentence, HasSubstr("v2x-sim: is not there"));
}

}  // namespace
}  // namespace v2x::run
