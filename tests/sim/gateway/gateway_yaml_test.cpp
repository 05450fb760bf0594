#include "sim/gateway/gateway_yaml.hpp"

#include <gtest/gtest.h>

#include "common/bad_input.hpp"

namespace v2x::gateway {
namespace {

using namespace std::chrono_literals;

GatewayConfig read(const std::string& more) {
  return read_gateway(yaml::load_text(
      "{id: 01AB12345678, password: abcedfghijk12, model: GW-M001, serial: 0000009005PV" + more + "}", "w.yaml"));
}

TEST(GatewayYaml, ReadsTheNodeOfAWorld) {
  const GatewayConfig config = read(", contract: 60 A");
  EXPECT_EQ(config.id, "01AB12345678");
  EXPECT_EQ(config.password, "abcedfghijk12");
  EXPECT_EQ(config.model, "GW-M001");
  EXPECT_EQ(config.serial, "0000009005PV");
  EXPECT_EQ(config.energy.contract_a, 60);
  EXPECT_EQ(config.energy.mode, OperatingMode::green);
  EXPECT_EQ(config.spool_days, 30);
  EXPECT_EQ(config.report_period, 60s);
}

TEST(GatewayYaml, ReadsWhatIsOptional) {
  const GatewayConfig config = read(
      ", contract: 40 A, mode: standby, spool: {days: 3}, report_period: 30 s, poll: {meter: 1 s, ev: 2 s, pv: 3 s}");
  EXPECT_EQ(config.energy.mode, OperatingMode::standby);
  EXPECT_EQ(config.spool_days, 3);
  EXPECT_EQ(config.report_period, 30s);
  EXPECT_EQ(config.poll.meter_period, 1s);
  EXPECT_EQ(config.poll.ev_period, 2s);
  EXPECT_EQ(config.poll.pv_period, 3s);
}

TEST(GatewayYaml, ReadsSettingsByTheirNames) {
  const GatewayConfig config = read(
      ", contract: 60 A, mode: economy, settings: {socEconomyMode: 20, chargeStartTimeH: 1, chargeEndTimeH: 5, "
      "onPowerOutageMode: standby}");
  EXPECT_EQ(config.energy.mode, OperatingMode::economy);
  EXPECT_EQ(config.energy.economy_floor_pct, 20);
  EXPECT_EQ(config.energy.charge_window, (DayWindow{1h, 5h}));
  EXPECT_EQ(config.energy.outage_mode, OutageMode::standby);
}

GatewayConfig read_own(const std::string& more) {
  return read_own_gateway(yaml::load_text(
      "{id: 01AB12345678, model: GW-M001, serial: 0000009005PV, contract: 60 A" + more + "}", "g.yaml"));
}

TEST(GatewayYaml, AGatewayOfItsOwnIsToldWherePvUnitsSleep) {
  EXPECT_FALSE(read_own("").sleeps_at) << "silence is a fault, unless said otherwise";
  const auto place = read_own(", pv_sleeps_at: {latitude: 35.03 deg, longitude: 135.75 deg}").sleeps_at;
  ASSERT_TRUE(place);
  EXPECT_EQ(place->latitude_deg, 35.03);
  EXPECT_EQ(place->longitude_deg, 135.75);
  for (const char* more : {", pv_sleeps_at: yes", ", pv_sleeps_at: {latitude: 35 deg}",
                           ", pv_sleeps_at: {latitude: 135.75 deg, longitude: 35.03 deg}"})
    EXPECT_THROW(read_own(more), BadInput) << more;
}

TEST(GatewayYaml, ReadsTheLimitsOfTheOutputControl) {
  const auto control =
      read_own(R"(, output_control: {limits: {"09:00": 40 %, "15:30": 100 %}, export_only: yes, rated: 5500 W})")
          .output_control;
  ASSERT_TRUE(control);
  EXPECT_TRUE(control->export_only);
  EXPECT_EQ(control->rated_w, 5500);
  for (const auto& [slot, expected] : {std::pair{0, 100}, {17, 100}, {18, 40}, {30, 40}, {31, 100}, {47, 100}})
    EXPECT_EQ(control->limit_pct[static_cast<size_t>(slot)], expected) << slot;
  EXPECT_FALSE(read_own("").output_control);
  EXPECT_TRUE(read(R"(, contract: 60 A, output_control: {limits: {"00:00": 0 %}})").output_control)
      << "in a world, too";
}

TEST(GatewayYaml, RefusesLimitsThatNoUnitWouldTake) {
  for (const auto& [more, why] : {std::pair{R"({limits: {"09:10": 40 %}})", "'09:10' begins no half-hour"},
                                  {R"({limits: {"24:30": 40 %}})", "'24:30' begins no half-hour"},
                                  {R"({limits: {"10:00": 40 %, "09:00": 50 %}})", "'09:00' is out of order"},
                                  {R"({limits: {"09:00": 40.5 %}})", "'40.5 %' is no limit"},
                                  {R"({limits: {"09:00": 101 %}})", "'101 %' is no limit"},
                                  {R"({export_only: no})", "limits"},
                                  {R"({limits: {"09:00": 40 %}, export_only: yes})", "rated"},
                                  {R"({limits: {"09:00": 40 %}, rated: 0 W})", "'0 W' is no rating"}}) {
    try {
      read_own(std::string(", output_control: ") + more);
      FAIL() << more;
    } catch (const BadInput& refusal) {
      EXPECT_TRUE(std::string(refusal.what()).starts_with("g.yaml:1:")) << refusal.what();
      EXPECT_NE(std::string(refusal.what()).find(why), std::string::npos) << refusal.what();
    }
  }
}

TEST(GatewayYaml, RefusesWithAPlace) {
  for (const char* more :
       {"", ", contract: 60", ", contract: 61 A", ", contract: 60 A, modus: green", ", contract: 60 A, mode: greed",
        ", contract: 60 A, spool: {days: 0}", ", contract: 60 A, spool: {hours: 5}",
        ", contract: 60 A, report_period: 2 h", ", contract: 60 A, poll: {pv: 0 s}",
        ", contract: 60 A, poll: {tv: 1 s}", ", contract: 60 A, settings: {socEconomyMode: 25}",
        ", contract: 60 A, settings: {socEconomymode: 20}"}) {
    try {
      read(more);
      FAIL() << more;
    } catch (const BadInput& refusal) {
      EXPECT_TRUE(std::string(refusal.what()).starts_with("w.yaml:1:")) << refusal.what();
    }
  }
}

}  // namespace
}  // namespace v2x::gateway
