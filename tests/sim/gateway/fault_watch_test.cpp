#include "sim/gateway/fault_watch.hpp"

#include <gtest/gtest.h>

#include "sim/gateway/link_watch.hpp"
#include "sim/gateway/vehicle_watch.hpp"
#include "tests/sim/gateway/bench.hpp"

namespace v2x::gateway {
namespace {

class Faults : public ::testing::Test {
 protected:
  /// Shows the bits of these codes and no others.
  void show(std::initializer_list<const char*> codes) {
    std::uint32_t bits[kVendorRegisters] = {};
    for (const char* code : codes) {
      const contracts::Fault* fault = faults().find(code);
      bits[fault->vendor_register() - 1] |= 1u << fault->vendor_bit();
    }
    for (int n = 0; n < kVendorRegisters; ++n) readings.set(nth(Reading::vendor_1, n), bits[n]);
  }
  std::vector<std::string> poll(std::uint32_t unit_no = 1) {
    std::vector<telemetry::Event> events;
    watch.on_poll(0, unit_no, readings, events);
    return words(events);
  }
  static std::vector<std::string> words(const std::vector<telemetry::Event>& events) {
    std::vector<std::string> list;
    for (const auto& event : events)
      list.push_back((event.kind() == telemetry::EVENT_KIND_FAULT_RAISED ? "+" : "-") + event.code());
    return list;
  }
  using Words = std::vector<std::string>;
  Readings readings;
  FaultWatch watch{faults()};
};

TEST_F(Faults, AreRaisedOnceAndClearedOnce) {
  show({"E1-1"});
  EXPECT_EQ(poll(), Words{"+E1-1"});
  EXPECT_EQ(poll(), Words{});
  show({});
  EXPECT_EQ(poll(), Words{"-E1-1"});
  EXPECT_EQ(poll(), Words{});
}

TEST_F(Faults, OfTwoUnitsAreTwo) {
  show({"E1-1"});
  EXPECT_EQ(poll(1), Words{"+E1-1"});
  EXPECT_EQ(poll(2), Words{"+E1-1"});
  show({});
  EXPECT_EQ(poll(2), Words{"-E1-1"});
  EXPECT_TRUE(watch.active(1, "E1-1"));
}

TEST_F(Faults, EveryCodeThatAPcsDetectsIsFoundByItsBit) {
  for (const contracts::Fault& fault : faults().all()) {
    if (fault.detected_by != "pcs") continue;
    show({fault.code.c_str()});
    EXPECT_EQ(poll(), Words{"+" + fault.code});
    show({});
    EXPECT_EQ(poll(), Words{"-" + fault.code});
  }
}

TEST_F(Faults, ARegisterThatWasNotReadClearsNothing) {
  show({"E1-1"});
  poll();
  readings.clear();
  EXPECT_EQ(poll(), Words{});
  EXPECT_TRUE(watch.active(1, "E1-1"));
}

TEST_F(Faults, ARestartOfTheGatewayRepeatsNoTransitionAndForgetsNone) {
  show({"E1-1", "E3-3"});
  poll();
  FaultWatch after(faults());
  after.restore(watch.text());
  show({"E3-3", "E2-4"});
  std::vector<telemetry::Event> events;
  after.on_poll(0, 1, readings, events);
  EXPECT_EQ(words(events), (Words{"-E1-1", "+E2-4"}));
}

TEST_F(Faults, TheGravestIsAnErrorBeforeANoticeThenTheLowestCode) {
  EXPECT_EQ(watch.gravest(), "");
  show({"E5-3"});
  poll();
  EXPECT_EQ(watch.gravest(), "E5-3");
  show({"E5-3", "E6-1", "E2-4"});
  poll();
  EXPECT_EQ(watch.gravest(), "E2-4");
}

TEST_F(Faults, ThatTheGatewayFindsAreToldOnceToo) {
  std::vector<telemetry::Event> events;
  for (const bool active : {true, true, false, false}) watch.set(0, 1, "E6-2", active, "", events);
  EXPECT_EQ(words(events), (Words{"+E6-2", "-E6-2"}));
}

TEST_F(Faults, OnlyAStopOrATripHoldsTheUnit) {
  show({"E5-3", "E3-3"});  // a warning and a derating
  poll();
  EXPECT_FALSE(watch.stopped(1));
  show({"E7-1"});
  poll();
  EXPECT_TRUE(watch.stopped(1));
  EXPECT_FALSE(watch.stopped(2));
}

TEST_F(Faults, AnOutageHoldsTheUnitForTheGridsSake) {
  show({"E1-0"});
  poll();
  EXPECT_TRUE(watch.active(1, kOutage));
  EXPECT_FALSE(watch.stopped(1));
  show({"E1-0", "E7-1"});
  poll();
  EXPECT_TRUE(watch.stopped(1));
}

TEST_F(Faults, DetailNamesTheWorseLegAndTheLimit) {
  readings.set(Reading::volts_u, 116.0);
  readings.set(Reading::volts_v, 101.2);
  readings.set(Reading::ovr_v, 115.0);
  readings.set(Reading::uvr_v, 80.0);
  readings.set(Reading::hertz, 61.3);
  readings.set(Reading::ofr_hz, 61.2);
  EXPECT_EQ(fault_detail("E1-1", readings), "116.0 V, limit 115.0 V");
  readings.set(Reading::volts_v, 60.5);
  EXPECT_EQ(fault_detail("E1-2", readings), "60.5 V, limit 80.0 V");
  EXPECT_EQ(fault_detail("E1-3", readings), "61.3 Hz, limit 61.2 Hz");
  EXPECT_EQ(fault_detail("E4-4", readings), "");
}

TEST_F(Faults, DetailSaysNothingOfWhatWasNotRead) {
  EXPECT_EQ(fault_detail("E1-1", readings), "");
  readings.set(Reading::volts_u, 116.0);
  EXPECT_EQ(fault_detail("E1-1", readings), "116.0 V");
}

TEST(LinkWatch, IsDownAfterThreeFailedPollsAndSixtySeconds) {
  LinkWatch watch;
  EXPECT_EQ(watch.on_poll(kNoon, PollQuality::good), LinkWatch::Change::none);
  for (int s = 5; s < 60; s += 5)
    EXPECT_EQ(watch.on_poll(kNoon + std::chrono::seconds(s), PollQuality::no_answer), LinkWatch::Change::none) << s;
  EXPECT_EQ(watch.on_poll(kNoon + 60s, PollQuality::no_answer), LinkWatch::Change::down);
  EXPECT_EQ(watch.on_poll(kNoon + 65s, PollQuality::no_answer), LinkWatch::Change::none);
}

TEST(LinkWatch, TwoFailedPollsAreNotEnoughHoweverLongTheyTake) {
  LinkWatch watch;
  watch.on_poll(kNoon, PollQuality::good);
  EXPECT_EQ(watch.on_poll(kNoon + 60s, PollQuality::exception), LinkWatch::Change::none);
  EXPECT_EQ(watch.on_poll(kNoon + 120s, PollQuality::exception), LinkWatch::Change::none);
  EXPECT_EQ(watch.on_poll(kNoon + 180s, PollQuality::exception), LinkWatch::Change::down);
}

TEST(LinkWatch, IsUpAfterThreeGoodPollsInARow) {
  LinkWatch watch(true);
  watch.on_poll(kNoon, PollQuality::good);
  watch.on_poll(kNoon + 5s, PollQuality::good);
  watch.on_poll(kNoon + 10s, PollQuality::no_answer);
  EXPECT_EQ(watch.on_poll(kNoon + 15s, PollQuality::good), LinkWatch::Change::none);
  EXPECT_EQ(watch.on_poll(kNoon + 20s, PollQuality::good), LinkWatch::Change::none);
  EXPECT_EQ(watch.on_poll(kNoon + 25s, PollQuality::good), LinkWatch::Change::up);
}

TEST(VehicleWatch, TellsChangesOnceAlsoThoseOfATimeWithoutPower) {
  VehicleWatch watch;
  Readings readings;
  std::vector<telemetry::Event> events;
  const auto poll = [&](VehicleWatch& w, Plug plug) {
    events.clear();
    readings.set(Reading::plug, static_cast<double>(plug));
    w.on_poll(0, 3, readings, events);
    return events.size();
  };
  EXPECT_EQ(poll(watch, Plug::plugged), 0u) << "the first state is no happening";
  EXPECT_EQ(poll(watch, Plug::locked), 0u);
  EXPECT_EQ(poll(watch, Plug::unplugged), 1u);
  EXPECT_EQ(events[0].kind(), telemetry::EVENT_KIND_VEHICLE_UNPLUGGED);
  VehicleWatch after;
  after.restore(watch.text());
  EXPECT_EQ(poll(after, Plug::plugged), 1u);
  EXPECT_EQ(events[0].kind(), telemetry::EVENT_KIND_VEHICLE_PLUGGED);
}

}  // namespace
}  // namespace v2x::gateway
