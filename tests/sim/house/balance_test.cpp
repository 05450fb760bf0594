// N1–N9 over days, and the same seed giving the same house.
#include <gtest/gtest.h>

#include "tests/sim/house/test_house.hpp"

namespace v2x::house {
namespace {

using namespace std::chrono_literals;

/// A car that works every day: surplus by day, load in the evening, a fixed charge at night, rewritten like a gateway
/// does.
void run_days(TestHouse& house, int days) {
  for (int minute = 0; minute < days * 24 * 60; ++minute) {
    const int hour = minute / 60 % 24;
    house.write("v2h.cmd.charge_method", hour < 5 ? 2 : 1);
    house.write("v2h.cmd.discharge_method", hour >= 16 ? 1 : 0);
    house.run_for(1min);
  }
}

TEST(Balance, all_invariants_hold_over_three_days_with_a_working_car) {
  TestHouse house("2026-04-01T00:00:00");
  run_days(house, 3);
  EXPECT_EQ(house->breach(), std::nullopt);
  EXPECT_GT(house.number("v2h.ac.energy_absorbed"), 3000);
  EXPECT_GT(house.number("v2h.ac.energy_injected"), 3000);
  EXPECT_GT(house.number("pcs1.ac.energy_injected"), 3 * 20000);
}

TEST(Balance, DEV_28_thirty_days_of_a_house_hold) {
  HouseConfig changeable = home();
  changeable.weather = {};
  TestHouse house("2026-06-01T00:00:00", changeable);
  run_days(house, 30);
  EXPECT_EQ(house->breach(), std::nullopt);
}

TEST(Balance, DEV_28_the_same_seed_gives_the_same_counters_and_another_seed_others) {
  const auto hash = [](std::uint64_t seed) {
    TestHouse house("2026-04-01T00:00:00", home(), seed);
    run_days(house, 1);
    return house.counter_hash();
  };
  EXPECT_EQ(hash(1), hash(1));
  EXPECT_NE(hash(1), hash(2));
}

TEST(Balance, looking_at_a_house_in_between_does_not_change_its_course) {
  TestHouse watched("2026-04-01T06:00:00"), alone("2026-04-01T06:00:00");
  for (int i = 0; i < 3600; ++i) watched.run_for(1s + 1ms);
  alone.run_for(3600 * (1s + 1ms));
  EXPECT_EQ(watched.counter_hash(), alone.counter_hash());
}

TEST(Balance, the_energy_book_agrees_with_counters_and_half_hours) {
  TestHouse house("2026-04-01T12:00:00");
  house.write("v2h.cmd.ev_revert", 3600);
  house.write("v2h.cmd.charge_method", 2);
  house.run_for(30min);
  const Energy truth = house->energy_between(at("2026-04-01T12:00:00"), at("2026-04-01T12:30:00"));
  EXPECT_NEAR(truth.pv_wh, house.number("pcs1.ac.energy_injected") + house.number("pcs2.ac.energy_injected"), 1e-6);
  EXPECT_NEAR(truth.charge_wh, house.number("v2h.ac.energy_absorbed"), 1e-6);
  EXPECT_NEAR(truth.buy_wh, house.number("meter.half_hour_buy"), 1e-6);
  EXPECT_NEAR(truth.sell_wh, house.number("meter.half_hour_sell"), 1e-6);
  EXPECT_NEAR(truth.pv_wh + truth.buy_wh + truth.discharge_wh, truth.load_wh + truth.sell_wh + truth.charge_wh, 1e-6);
}

/// Tables of a site that a test may falsify.
struct FalseSite {
  core::QuantityTable site{quantities(), "site"};
  core::QuantityTable pcs{quantities(), "pv_pcs"};
  std::string verdict(const std::function<void(FalseSite&)>& falsify, Circumstances circumstances = {}) {
    pcs.set(pcs.slot("dc[1].power"), 0);
    site.set_word(site.slot("grid.state"), "normal");
    Invariants invariants("home", site, nullptr);
    invariants.watch("pcs1", pcs);
    invariants.check({}, at("2026-04-01T12:00:00"));
    EXPECT_EQ(invariants.breach(), std::nullopt);
    falsify(*this);
    invariants.integrate(1h);
    invariants.check(circumstances, at("2026-04-01T13:00:00"));
    return invariants.breach().value_or("");
  }
  void put(const char* name, double value) { site.set(site.slot(name), value); }
  void put_pcs(const char* name, double value) { pcs.set(pcs.slot(name), value); }
};

TEST(Invariants, each_names_itself_when_it_is_broken) {
  struct Case {
    const char* starts;
    std::function<void(FalseSite&)> falsify;
    Circumstances circumstances = {};
  };
  const Case cases[] = {
      {"N1 ", [](FalseSite& s) { s.put("load_w", 1); }},
      {"N2 ", [](FalseSite& s) { s.put_pcs("dc.power", 1); }},
      {"N2 ", [](FalseSite& s) { s.put_pcs("ac.power", 1), s.put_pcs("ac.relay", 1), s.put("load_w", 1); }},
      {"N4 ", [](FalseSite& s) { s.put("load_w", 1), s.put("grid_w", 1); }},
      {"N5 ", [](FalseSite& s) { s.put("meter.buy_w", 1), s.put("meter.sell_w", 1); }},
      {"N5 ", [](FalseSite& s) { s.put("meter.power", 0.002); }},
      {"N6 ", [](FalseSite& s) { s.put_pcs("ac.energy_injected", -1); }},
      {"N8 ", [](FalseSite&) {}, {.dark = true, .offered_w = 1}},
      {"N8 ",
       [](FalseSite& s) {
         s.put_pcs("ac.power", 1), s.put_pcs("dc.power", 1), s.put_pcs("dc[1].power", 1), s.put("aux_w", 1);
       }},
      {"N9 ",
       [](FalseSite& s) {
         s.site.set_word(s.site.slot("grid.state"), "outage"), s.put("grid_w", 0.01), s.put("load_w", 0.01);
       }},
  };
  for (const Case& one : cases) {
    FalseSite site;
    const std::string verdict = site.verdict(one.falsify, one.circumstances);
    EXPECT_TRUE(verdict.starts_with(one.starts)) << one.starts << "expected, found: " << verdict;
    EXPECT_NE(verdict.find("in home at 2026-04-01T13:00:00+09:00"), std::string::npos) << verdict;
  }
}

}  // namespace
}  // namespace v2x::house
