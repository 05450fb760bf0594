// What the loader reads, and what it refuses: file, line, column, what, nearest word.
#include <gmock/gmock.h>

#include "common/jst.hpp"
#include "tests/harness/scenario/temporary_scenarios.hpp"

namespace v2x::scenario {
namespace {

using Loader = TemporaryScenarios;
using testing::HasSubstr;

TEST_F(Loader, ReadsHeadAndSteps) {
  const auto scenarios = load(head() +
                              "  - advance: 10 min      # a comment\n  - set: {home.grid.voltage_u: 116 V, for: 5 "
                              "s}\nnever:\n  - log error\n  - {home.ev.soc: {below: 30 %}}\n");
  ASSERT_EQ(scenarios.size(), 1u);
  const Scenario& scenario = scenarios[0];
  EXPECT_EQ(scenario.name, "x");
  EXPECT_EQ(scenario.title, "題");
  EXPECT_EQ(format_time(scenario.start), "2026-04-01T12:00:00+09:00");
  ASSERT_EQ(scenario.steps.size(), 2u);
  EXPECT_EQ(scenario.steps[0].text, "advance: 10 min");
  EXPECT_EQ(scenario.steps[0].place, "scenarios/x.yaml:8");
  EXPECT_EQ(std::get<Advance>(scenario.steps[0].act).by, std::chrono::minutes(10));
  const auto& set = std::get<Set>(scenario.steps[1].act);
  EXPECT_EQ(set.settings.at(0).path, "home.grid.voltage_u");
  EXPECT_EQ(set.settings.at(0).value, 116.0);
  EXPECT_EQ(set.lasting, std::chrono::seconds(5));
  ASSERT_EQ(scenario.never.size(), 1u);
  EXPECT_EQ(scenario.never[0].to_json(), (Json{{"path", "home.ev.soc"}, {"below", 30.0}}));
}

TEST_F(Loader, AStepsTextIsItsSourceInOneLine) {
  const auto scenarios =
      load(head() +
           "  - mail:\n      to: hanako      # who\n      none: yes\n  - expect: {home.pcs1.state: running,\n"
           "             within: 6 min}\nnever:\n  - log error\n");
  EXPECT_EQ(scenarios.at(0).steps.at(0).text, "mail: to: hanako none: yes");
  EXPECT_EQ(scenarios.at(0).steps.at(1).text, "expect: {home.pcs1.state: running, within: 6 min}");
}

TEST_F(Loader, NamesAScenarioByItsPathBelowScenarios) {
  std::filesystem::create_directories("scenarios/faults");
  std::ofstream("scenarios/faults/trip.yaml") << head() << "  - advance: 1 s\n";
  const auto scenarios = load_scenario("scenarios/faults/trip.yaml", contracts::QuantityCatalogue::load());
  EXPECT_EQ(scenarios.at(0).name, "faults/trip");
}

TEST_F(Loader, MakesOneScenarioPerCase) {
  const auto scenarios =
      load("cases:\n  high: {volts: 116 V, code: E1-1}\n  low: {volts: 79 V, code: E1-2}\n" + head() +
           "  - set: {home.grid.voltage_u: \"${volts}\"}\n  - expect: {home.pcs1.fault: \"${code}\", within: 1.1 s}\n");
  ASSERT_EQ(scenarios.size(), 2u);
  EXPECT_EQ(scenarios[0].name, "x@high");
  EXPECT_EQ(scenarios[1].case_name, "low");
  EXPECT_EQ(std::get<Set>(scenarios[1].steps[0].act).settings.at(0).value, 79.0);
  EXPECT_EQ(std::get<Expect>(scenarios[1].steps[1].act).condition.demand, (Json{{"is", "E1-2"}}));
}

TEST_F(Loader, FindsFilesButNoWorlds) {
  std::ofstream("scenarios/a.yaml") << "x";
  EXPECT_THAT(find_scenarios({"scenarios"}), testing::ElementsAre("scenarios/a.yaml"));
  EXPECT_THROW(find_scenarios({"nowhere"}), BadInput);
}

struct Refusal {
  const char* step;
  const char* message;
};

class LoaderRefuses : public TemporaryScenarios, public testing::WithParamInterface<Refusal> {};

TEST_P(LoaderRefuses, WithPlaceAndNearestWord) {
  EXPECT_THAT(refusal(head() + "  - " + GetParam().step + "\n"), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Steps, LoaderRefuses,
    testing::Values(
        Refusal{"advanse: 10 min", "scenarios/x.yaml:8:5: 'advanse' is no verb, nearest: 'advance'"},
        Refusal{"advance: 10", "scenarios/x.yaml:8:14: '10' is no duration, expected like 300 s, 10 min, 2 h"},
        Refusal{"advance: -1 s", "scenarios/x.yaml:8:14: time does not go back"},
        Refusal{"at: noon", "scenarios/x.yaml:8:9: 'noon' is no time of day"},
        Refusal{"set: {home.grid.voltage_u: 116 W}",
                "scenarios/x.yaml:8:32: found '116 W', expected a number with the unit V"},
        Refusal{"set: {home.grid.voltage_x: 116 V}",
                "scenarios/x.yaml:8:11: 'home.grid.voltage_x' is no quantity, nearest: 'home.grid.voltage_"},
        Refusal{"set: {house.grid.voltage_u: 116 V}",
                "scenarios/x.yaml:8:11: 'house' is no site of world home_linked, nearest: 'home'"},
        Refusal{"set: {home.pcs1.ac.power: 1 kW}", "scenarios/x.yaml:8:11: 'home.pcs1.ac.power' cannot be set"},
        Refusal{"clear: home.pcs1.ac.power", "scenarios/x.yaml:8:12: 'home.pcs1.ac.power' cannot be set"},
        Refusal{"expect: {home.pcs1.state: runing}",
                "scenarios/x.yaml:8:31: 'runing' is no value of state, nearest: 'running'"},
        Refusal{"expect: {home.pcs1.ac.power: {over: 3 kW}}",
                "scenarios/x.yaml:8:35: 'over' is no key here, nearest: 'above'"},
        Refusal{"expect: {home.pcs1.state: {above: 3 W}}", "scenarios/x.yaml:8:31: home.pcs1.state is no number"},
        Refusal{"expect: {home.pcs1.state: running, home.pcs2.state: running}",
                "scenarios/x.yaml:8:40: a second quantity"},
        Refusal{"expect: {home.pcs1.state: running, witin: 5 s}",
                "scenarios/x.yaml:8:40: 'witin' is no argument of 'expect', nearest: 'within'"},
        Refusal{"fail_at: ingest.before_akc", "'ingest.before_akc' is no point, nearest: 'ingest.before_ack'"},
        Refusal{"fail_at: {point: outbox.before_smtp, pass: 0}", "expected 1 or more"},
        Refusal{"expect: {within: 5 s}", "scenarios/x.yaml:8:13: nothing is expected"},
        Refusal{"expect: {home.pcs1.state: running, within: 5 V}", "scenarios/x.yaml:8:48: '5 V' is no duration"},
        Refusal{"mail: {to: hanoko}",
                "scenarios/x.yaml:8:16: 'hanoko' is no person of world home_linked, nearest: 'hanako'"},
        Refusal{"mail: {to: shop4001.contact3}", "nearest: 'shop4001.contact1'"},
        Refusal{"mail: {to: hanako, kind: M-35}", "scenarios/x.yaml:8:30: 'M-35' is no kind of mail"},
        Refusal{"mail: {to: hanako, exactly: 0}", "expected 1 or more"},
        Refusal{"mail: {to: hanako, none: yes, exactly: 1}", "contradict"},
        Refusal{"mail: {kind: M-30}", "scenarios/x.yaml:8:11: 'mail' lacks 'to'"},
        Refusal{"page: {as: hanako, open: monitoring hone}",
                "scenarios/x.yaml:8:30: 'monitoring hone' is no page, nearest: 'monitoring home'"},
        Refusal{"page: {as: hanako, open: monitoring home, shows: {状能: x}}",
                "'状能' is no label of page monitoring home, nearest: '状態'"},
        Refusal{"log_in: {as: shop4001, to: management}", "'shop4001' has no account there"},
        Refusal{"register: shop4001", "'shop4001' is a dealer, expected a customer"},
        Refusal{"register: {as: hanako, with: {seii: x}}",
                "scenarios/x.yaml:8:35: 'seii' is no field of page registration, nearest: 'sei'"},
        Refusal{"log_in: {as: hanako, refused: {mail: x}}", "'mail' is no field of page login"},
        Refusal{"unlink: hanako", "whose care ends? expected 'dealer' too"},
        Refusal{"unlink: {as: shop4001, dealer: shop4001}", "a dealer ends no other dealer's care"},
        Refusal{"change_profile: {as: hanako}", "nothing is changed, expected 'with: {field: text}'"},
        Refusal{"change_password: {as: hanako}", "'change_password' lacks 'to'"},
        Refusal{"page: {as: hanako, open: menu, follow: M-01}", "one beginning is enough"},
        Refusal{"page: {as: hanako, back: yes, renews: monitoring home}", "one beginning is enough"},
        Refusal{"page: {as: hanako, renews: monitoring hone}",
                "scenarios/x.yaml:8:32: 'monitoring hone' is no page, nearest: 'monitoring home'"},
        Refusal{"page: {as: hanako, open: login, fill: {login: x}, press: b}", "'login' is no field of page login"},
        Refusal{"page: {as: hanako, press: b, shows: {氏名: x}}", "of which page? expected 'leads_to' too"},
        Refusal{"kill: database", "scenarios/x.yaml:8:11: 'database' is no process, nearest: 'backend'"},
        Refusal{"wan: {site: home, is: off}", "'off' is no state of a line"},
        Refusal{"ledger: hoome", "'hoome' is no site of world home_linked, nearest: 'home'"},
        Refusal{"measure: {name: a, quantity: home.pv_w, why: b}", "no limits"},
        Refusal{"advance", "scenarios/x.yaml:8:5: a step is one verb with its arguments"}));

TEST_F(Loader, RefusesAHeadThatLacksSomething) {
  EXPECT_THAT(refusal("title: a\nwhy: b\n"), HasSubstr("key 'covers' is missing"));
  EXPECT_THAT(refusal(head() + "  []\n"), HasSubstr("no steps"));
  EXPECT_THAT(refusal("titel: a\n"), HasSubstr("scenarios/x.yaml:1:1: 'titel' is no key here, nearest: 'title'"));
}

TEST_F(Loader, RefusesAnUnknownWorldAndABadStart) {
  std::string text = head() + "  - advance: 1 s\n";
  text.replace(text.find("home_linked"), 11, "nowhere");
  EXPECT_THAT(refusal(text), HasSubstr("scenarios/x.yaml:5:8: world 'nowhere' is not there"));
  text = head() + "  - advance: 1 s\n";
  text.replace(text.find("2026-04-01"), 10, "2026-13-01");
  EXPECT_THAT(refusal(text), HasSubstr("scenarios/x.yaml:6:8:"));
}

TEST_F(Loader, RefusesMoreThanFiveNevers) {
  std::string text = head() + "  - advance: 1 s\nnever:\n";
  for (int i = 0; i < 6; ++i) text += "  - {home.ev.soc: {below: 30 %}}\n";
  EXPECT_THAT(refusal(text), HasSubstr("6 quantities, expected at most 5"));
}

TEST_F(Loader, RefusesAPlaceholderWithoutAValue) {
  EXPECT_THAT(refusal("cases:\n  a: {x: 1 s}\n" + head() + "  - advance: ${y}\n"),
              HasSubstr("scenarios/x.yaml:10:14: '${y}' has no value"));
}

}  // namespace
}  // namespace v2x::scenario
