// Conditions of advance_to, as a table of what holds and a table of what is refused.
#include "sim/site/condition.hpp"

#include <gtest/gtest.h>

#include "common/jst.hpp"

namespace v2x::site {
namespace {

using namespace std::chrono_literals;

const Time kNow = *parse_time("2026-04-01T12:00:00");

class ConditionTest : public testing::Test {
 protected:
  contracts::QuantityCatalogue catalogue = contracts::QuantityCatalogue::load();
  core::QuantityTable site{catalogue, "site"};
  core::QuantityTable pcs{catalogue, "pv_pcs"};
  core::QuantityTable meter{catalogue, "meter"};
  core::QuantityTable car{catalogue, "car"};
  PathIndex paths;

  void SetUp() override {
    paths.add("home", site);
    paths.add("home.pcs1", pcs);
    paths.add("home.meter", meter);
    paths.add("home.ev", car);
  }
  bool holds(const Json& json) {
    auto condition = Condition::parse(json, paths);
    EXPECT_TRUE(condition) << json;
    return condition->holds(kNow);
  }
};

TEST_F(ConditionTest, compares_numbers_words_and_texts) {
  site.set(site.slot("grid.voltage_u"), 116);
  pcs.set_word(pcs.slot("state"), "running");
  pcs.set_text(pcs.slot("fault"), "E1-1");
  EXPECT_TRUE(holds({{"path", "home.grid.voltage_u"}, {"is", 116}}));
  EXPECT_TRUE(holds({{"path", "home.grid.voltage_u"}, {"above", 115.9}}));
  EXPECT_FALSE(holds({{"path", "home.grid.voltage_u"}, {"above", 116}}));
  EXPECT_TRUE(holds({{"path", "home.grid.voltage_u"}, {"below", 116.1}}));
  EXPECT_TRUE(holds({{"path", "home.grid.voltage_u"}, {"near", 115}, {"by", 1}}));
  EXPECT_FALSE(holds({{"path", "home.grid.voltage_u"}, {"near", 115}, {"by", 0.9}}));
  EXPECT_TRUE(holds({{"path", "home.pcs1.state"}, {"is", "running"}}));
  EXPECT_FALSE(holds({{"path", "home.pcs1.state"}, {"is", "fault"}}));
  EXPECT_TRUE(holds({{"path", "home.pcs1.fault"}, {"is", "E1-1"}}));
}

TEST_F(ConditionTest, an_absent_value_is_only_null_and_never_zero) {
  EXPECT_TRUE(holds({{"path", "home.ev.soc"}, {"is", nullptr}}));
  EXPECT_FALSE(holds({{"path", "home.ev.soc"}, {"is", 0}}));
  EXPECT_FALSE(holds({{"path", "home.ev.soc"}, {"below", 30}}));
  car.set(car.slot("soc"), 0);
  EXPECT_FALSE(holds({{"path", "home.ev.soc"}, {"is", nullptr}}));
  EXPECT_TRUE(holds({{"path", "home.ev.soc"}, {"below", 30}}));
}

TEST_F(ConditionTest, for_demands_that_it_holds_that_long_without_a_break) {
  auto condition = Condition::parse({{"path", "home.ev.soc"}, {"below", 30}, {"for", 10}}, paths);
  ASSERT_TRUE(condition);
  const core::Slot soc = car.slot("soc");
  car.set(soc, 20);
  EXPECT_FALSE(condition->holds(kNow));
  EXPECT_EQ(condition->due(), kNow + 10s);
  car.set(soc, 40);
  EXPECT_FALSE(condition->holds(kNow + 5s));
  EXPECT_EQ(condition->due(), std::nullopt);
  car.set(soc, 20);
  EXPECT_FALSE(condition->holds(kNow + 6s));
  EXPECT_FALSE(condition->holds(kNow + 15s));
  EXPECT_TRUE(condition->holds(kNow + 16s));
}

TEST_F(ConditionTest, a_unit_may_have_the_name_of_a_group_of_the_sites_quantities) {
  EXPECT_TRUE(paths.find("home.meter.power"));
  EXPECT_TRUE(paths.find("home.meter.ac.power"));
}

TEST_F(ConditionTest, what_is_refused_names_the_nearest) {
  const auto refusal = [&](const Json& json) { return Condition::parse(json, paths).error().message; };
  EXPECT_EQ(refusal({{"path", "home.pcs1.faul"}, {"is", ""}}), "'home.pcs1.faul' is no path, nearest: 'home.pcs1.fault'");
  EXPECT_NE(refusal({{"path", "home.ev.soc"}}).find("is, below, above, near"), std::string::npos);
  EXPECT_EQ(refusal({{"is", 1}}), "'path' is missing");
  EXPECT_EQ(refusal(3), "a condition is an object: 3");
}

}  // namespace
}  // namespace v2x::site
