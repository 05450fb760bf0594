#include "reports/history.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/reports.hpp"
#include "tests/reports/run_folder.hpp"

namespace v2x::reports {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Run run_of(const std::string& name, const std::vector<std::pair<std::string, Outcome>>& outcomes) {
  Run run;
  run.name = name;
  run.started = name;
  for (const auto& [scenario, outcome] : outcomes) {
    run.scenarios.emplace_back();
    run.scenarios.back().name = scenario;
    run.scenarios.back().outcome = outcome;
  }
  return run;
}

class History : public testing::Test {
 protected:
  void add(const reports::Run& run) { ASSERT_TRUE(append_history(file, run)); }

  RunFolder folder;
  std::filesystem::path file = folder.results() / "history.jsonl";
};

TEST_F(History, first_run_has_nothing_to_compare_with) {
  const auto changes = changes_since(file, run_of("2026-04-01", {{"a", Outcome::failed}}));
  EXPECT_EQ(changes.compared_with, "");
  EXPECT_THAT(changes.new_failures, IsEmpty());
}

TEST_F(History, tells_new_failures_fixed_and_added) {
  add(run_of("2026-04-01", {{"a", Outcome::passed}, {"b", Outcome::failed}, {"c", Outcome::failed}}));
  const auto now = run_of(
      "2026-04-02", {{"a", Outcome::error}, {"b", Outcome::passed}, {"c", Outcome::failed}, {"d", Outcome::passed}});
  const auto changes = changes_since(file, now);
  EXPECT_EQ(changes.compared_with, "2026-04-01");
  EXPECT_THAT(changes.new_failures, ElementsAre("a"));
  EXPECT_THAT(changes.fixed, ElementsAre("b"));
  EXPECT_THAT(changes.added, ElementsAre("d"));
}

TEST_F(History, skipped_night_does_not_hide_a_failure) {
  add(run_of("2026-04-01", {{"a", Outcome::failed}}));
  add(run_of("2026-04-02", {{"a", Outcome::skipped}}));
  EXPECT_THAT(changes_since(file, run_of("2026-04-03", {{"a", Outcome::passed}})).fixed, ElementsAre("a"));
}

TEST_F(History, older_run_is_not_compared_with_newer_ones) {
  add(run_of("2026-04-05", {{"a", Outcome::failed}}));
  EXPECT_EQ(changes_since(file, run_of("2026-04-02", {{"a", Outcome::passed}})).compared_with, "");
}

TEST_F(History, damaged_line_is_passed_over) {
  RunFolder::write(file, "{\"run\":\"x\n");
  add(run_of("2026-04-01", {{"a", Outcome::passed}}));
  EXPECT_EQ(changes_since(file, run_of("2026-04-02", {})).compared_with, "2026-04-01");
}

TEST_F(History, report_made_twice_is_in_the_history_once) {
  ASSERT_TRUE(write_reports(folder.run()));
  const std::string once = RunFolder::read(file);
  ASSERT_TRUE(write_reports(folder.run()));
  EXPECT_EQ(RunFolder::read(file), once);
  EXPECT_EQ(std::count(once.begin(), once.end(), '\n'), 5);
}

}  // namespace
}  // namespace v2x::reports
