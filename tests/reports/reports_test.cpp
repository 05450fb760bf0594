#include "reports/reports.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include "reports/record.hpp"
#include "reports/verdict.hpp"
#include "tests/reports/run_folder.hpp"

namespace v2x::reports {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

const std::string kFailed = "faults/grid_overvoltage_mails_dealer";
const std::string kCutOff = "faults/trip_codes@E1-1";

class Reports : public testing::Test {
 protected:
  std::string report(const char* name) {
    const auto paths = write_reports(folder.run());
    EXPECT_TRUE(paths) << paths.error().message;
    return RunFolder::read(folder.run() / name);
  }
  Scenario scenario(const std::string& name) {
    const auto run = read_run(folder.run());
    for (const Scenario& one : run->scenarios)
      if (one.name == name) return one;
    ADD_FAILURE() << name << " is not in the run";
    return {};
  }
  void edit_record(const std::string& name, const std::string& text) {
    RunFolder::write(folder.run() / name / "record.jsonl", text);
  }

  RunFolder folder;
};

// ---- Reading ----

TEST_F(Reports, reader_keeps_the_order_of_the_run) {
  const auto run = read_run(folder.run());
  ASSERT_TRUE(run);
  std::vector<std::string> names;
  for (const auto& one : run->scenarios) names.push_back(one.name);
  EXPECT_THAT(names, testing::ElementsAre("registration/first_account", kFailed, "ingest/backend_killed_loses_nothing",
                                          "monitoring/in_a_browser", kCutOff));
}

TEST_F(Reports, record_without_verdict_is_an_error) {
  EXPECT_EQ(scenario(kCutOff).outcome, Outcome::error);
  EXPECT_THAT(scenario(kCutOff).sentence, HasSubstr("without a verdict"));
}

TEST_F(Reports, half_a_line_at_the_end_is_an_error_that_names_the_line) {
  edit_record(kFailed, RunFolder::read(folder.run() / kCutOff / "record.jsonl") + "{\"type\":\"ver");
  EXPECT_EQ(scenario(kFailed).outcome, Outcome::error);
  EXPECT_THAT(scenario(kFailed).sentence, HasSubstr("Line 3"));
}

TEST_F(Reports, scenario_without_record_is_skipped_in_a_finished_run_and_an_error_in_one_that_was_cut_off) {
  std::filesystem::remove_all(folder.run() / kFailed);
  EXPECT_EQ(scenario(kFailed).outcome, Outcome::skipped);
  json facts = json::parse(RunFolder::read(folder.run() / "run.json"));
  facts.erase("finished");
  RunFolder::write(folder.run() / "run.json", facts.dump());
  EXPECT_EQ(scenario(kFailed).outcome, Outcome::error);
}

TEST_F(Reports, unknown_types_and_members_are_passed_over) {
  const std::string record = RunFolder::read(folder.run() / "monitoring/in_a_browser/record.jsonl");
  edit_record("monitoring/in_a_browser", "{\"type\":\"invented\",\"x\":[1]}\n" + record);
  EXPECT_EQ(scenario("monitoring/in_a_browser").outcome, Outcome::skipped);
}

TEST_F(Reports, folder_without_run_json_is_refused) {
  const auto result = write_reports(folder.results());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "no_record");
}

TEST_F(Reports, mail_that_came_twice_is_one_mail_with_two_copies) {
  const auto mails = scenario(kFailed).mails;
  ASSERT_EQ(mails.size(), 2u);
  EXPECT_EQ(mails[0].copies, 1);
  EXPECT_EQ(mails[1].copies, 2);
}

// ---- Verdict ----

TEST_F(Reports, worst_scenario_decides_the_run) {
  auto run = read_run(folder.run());
  ASSERT_TRUE(run);
  EXPECT_EQ(verdict_of(*run), Outcome::failed);
  for (Scenario& one : run->scenarios)
    if (one.outcome == Outcome::failed) one.outcome = Outcome::passed;
  EXPECT_EQ(verdict_of(*run), Outcome::error);
  for (Scenario& one : run->scenarios)
    if (one.outcome == Outcome::error) one.outcome = Outcome::passed;
  EXPECT_EQ(verdict_of(*run), Outcome::passed);
  for (Scenario& one : run->scenarios) one.outcome = Outcome::skipped;
  EXPECT_EQ(verdict_of(*run), Outcome::skipped);
}

TEST_F(Reports, run_that_was_cut_off_never_passes) {
  auto run = read_run(folder.run());
  ASSERT_TRUE(run);
  for (Scenario& one : run->scenarios) one.outcome = Outcome::passed;
  run->finished = false;
  EXPECT_EQ(verdict_of(*run), Outcome::error);
}

TEST_F(Reports, requirement_is_as_bad_as_its_worst_scenario) {
  const auto run = read_run(folder.run());
  std::map<std::string, Outcome> outcomes;
  for (const auto& requirement : requirements_of(*run)) outcomes[requirement.id] = requirement.outcome;
  EXPECT_EQ(outcomes["M-30"], Outcome::failed);  // passed once, failed once
  EXPECT_EQ(outcomes["LAW-3"], Outcome::passed);
  EXPECT_EQ(outcomes["MON-20"], Outcome::skipped);
}

// ---- summary.json ----

TEST_F(Reports, summary_counts_and_lists) {
  const json summary = json::parse(report("summary.json"));
  EXPECT_EQ(summary["verdict"], "failed");
  EXPECT_EQ(summary["seed"], 42);
  EXPECT_EQ(summary["counts"], (json{{"passed", 2}, {"failed", 1}, {"error", 1}, {"skipped", 1}}));
  EXPECT_EQ(summary["scenarios"].size(), 5u);
  EXPECT_EQ(summary["scenarios"][1]["simulated_s"], 1860);
  EXPECT_EQ(summary["scenarios"][1]["elapsed_s"], 9.81);
  EXPECT_EQ(summary["changed"]["compared_with"], "");
}

// ---- junit.xml ----

TEST_F(Reports, junit_failure_can_be_read_alone) {
  pugi::xml_document xml;
  ASSERT_TRUE(xml.load_string(report("junit.xml").c_str()));
  EXPECT_EQ(xml.child("testsuites").attribute("tests").as_int(), 5);
  EXPECT_EQ(xml.child("testsuites").attribute("failures").as_int(), 1);
  EXPECT_EQ(xml.child("testsuites").attribute("errors").as_int(), 1);
  const auto failed = xml.select_node("//testcase[failure]").node();
  EXPECT_STREQ(failed.attribute("classname").value(), "faults");
  EXPECT_STREQ(failed.attribute("time").value(), "9.810");
  const std::string text = failed.child("failure").text().get();
  for (const char* part : {"running へ戻りませんでした", "scenarios/faults/grid_overvoltage_mails_dealer.yaml:15",
                           "waited for:    home.pcs1.state is running", "nearest miss:", "would release:",
                           "12:25:10 home.pcs1 fault → standby", "reproduce: v2x run"})
    EXPECT_THAT(text, HasSubstr(part));
}

TEST_F(Reports, junit_attaches_record_and_pages) {
  const std::string junit = report("junit.xml");
  const std::string folder_of_pages = (folder.run() / "registration/first_account").string();
  EXPECT_THAT(junit, HasSubstr("[[ATTACHMENT|" + folder_of_pages + "/record.jsonl]]"));
  EXPECT_THAT(junit, HasSubstr("[[ATTACHMENT|" + folder_of_pages + "/pages/001.html]]"));
}

// ---- report.html ----

TEST_F(Reports, page_says_verdict_counts_and_failures_first) {
  const std::string html = report("report.html");
  const size_t list = html.find("id=\"filter-text\"");
  ASSERT_NE(list, std::string::npos);
  const std::string first_screen = html.substr(0, list);
  EXPECT_THAT(first_screen, HasSubstr("<h1><span class=\"symbol\" aria-hidden=\"true\">✕</span> 不合格"));
  EXPECT_THAT(first_screen, HasSubstr("running へ戻りませんでした"));
  EXPECT_THAT(first_screen, HasSubstr("<b>5</b> シナリオ"));
}

TEST_F(Reports, page_needs_nothing_from_elsewhere) {
  const std::string html = report("report.html");
  for (const char* remote : {"src=\"http", "href=\"http", "@import", "url("}) EXPECT_THAT(html, Not(HasSubstr(remote)));
}

TEST_F(Reports, page_shows_what_the_record_says_and_never_runs_it) {
  const std::string html = report("report.html");
  EXPECT_THAT(html, HasSubstr("&lt;b&gt;not a tag&lt;/b&gt; &amp; &quot;quoted&quot;"));
  EXPECT_THAT(html, Not(HasSubstr("<b>not a tag")));
}

TEST_F(Reports, page_explains_a_failure_with_the_command_that_repeats_it) {
  const std::string html = report("report.html");
  for (const char* part :
       {"home.pcs1.state is running", "300 s of reconnect wait not counted down", "would have released it",
        "<pre>v2x run scenarios/faults/grid_overvoltage_mails_dealer.yaml --seed 42</pre>"})
    EXPECT_THAT(html, HasSubstr(part));
}

TEST_F(Reports, page_leaves_no_tag_of_its_templates) {
  const std::string html = report("report.html");
  EXPECT_THAT(html, Not(HasSubstr("{{")));
  EXPECT_THAT(html, Not(HasSubstr("nan")));
}

TEST_F(Reports, page_draws_curves_and_marks_in_one_timeline) {
  const std::string html = report("report.html");
  EXPECT_THAT(html, HasSubstr("<g class=\"curve generation dash0\">"));
  EXPECT_THAT(html, HasSubstr("<g class=\"curve ev dash0\">"));
  EXPECT_THAT(html, HasSubstr("<rect class=\"failure\""));
  EXPECT_THAT(html, HasSubstr("M-30 → contact1@example.jp"));
}

TEST_F(Reports, ten_thousand_steps_stay_under_five_megabytes) {
  std::string record = R"({"type":"scenario","name":"big","title":"大きい","start":"2026-04-01T00:00:00+09:00"})"
                       "\n";
  for (int n = 1; n <= 10'000; ++n)
    record += json{{"type", "step"},
                   {"n", n},
                   {"verb", "expect"},
                   {"text", "expect: {home.pcs1.state: running, within: 6 min}"},
                   {"at", "scenarios/big.yaml:" + std::to_string(n)},
                   {"t", "2026-04-01T00:00:00+09:00"},
                   {"until", "2026-04-01T00:00:01+09:00"},
                   {"outcome", "passed"},
                   {"within_s", 360}}
                  .dump() +
              "\n";
  record += R"({"type":"verdict","t":"2026-04-01T00:00:01+09:00","outcome":"passed","sentence":"ok","span_s":1})"
            "\n";
  edit_record(kCutOff, record);
  EXPECT_LT(report("report.html").size(), 5'000'000u);
}

}  // namespace
}  // namespace v2x::reports
