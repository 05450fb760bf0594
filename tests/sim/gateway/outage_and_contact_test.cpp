// What the gateway writes to the EV unit in an outage, and while its contact input is closed.
#include <gtest/gtest.h>

#include <algorithm>

#include "sim/gateway/settings_table.hpp"
#include "tests/sim/gateway/bench.hpp"

namespace v2x::gateway {
namespace {

constexpr std::uint16_t kChargeBound = 40254 + 2;   // 124: WChaMax, W
constexpr std::uint16_t kChargeMethod = 40586 + 6;  // 64901: ChaMth
constexpr std::uint16_t kSocCeiling = 40586 + 11;   // SocCeil, 0.1 %

class OutageAndContact : public ::testing::Test {
 protected:
  void start(const std::vector<NamedSetting>& settings) {
    bench = std::make_unique<Bench>(
        [&](GatewayConfig& config) { config.energy = *with_settings(config.energy, settings, Time{}); });
    v2h().set("vehicle.plug", "plugged");
    v2h().set("storage.soc", 60);
    v2h().set("cmd.storage_charge_max", 6'000);
    bench->boot();
    bench->connect();
    bench->run_for(20s);
  }
  FakeUnit& v2h() { return bench->unit(Bench::v2h); }
  void show_outage(bool lost) {
    set_fault(lost);
    bench->run_for(20s);
  }
  void set_fault(bool lost) {
    const contracts::Fault& outage = *faults().find("E1-0");
    v2h().set("fault_vendor[" + std::to_string(outage.vendor_register()) + "]",
              lost ? static_cast<double>(1u << outage.vendor_bit()) : 0);
  }
  std::string reason() {
    const auto& table = bench->gateway().quantities();
    return table.text(table.slot("reason"));
  }
  int writes_to(std::uint16_t address) {
    return static_cast<int>(std::count_if(v2h().writes.begin(), v2h().writes.end(),
                                          [&](const FakeUnit::Write& write) { return write.address == address; }));
  }

  std::unique_ptr<Bench> bench;
};

TEST_F(OutageAndContact, AnOutageIsTheGridsAndNoFaultOfTheUnit) {
  start({});
  show_outage(true);
  EXPECT_EQ(reason(), "grid_lost");
  show_outage(false);
  EXPECT_EQ(reason(), "green");
}

TEST_F(OutageAndContact, TheCarIsChargedInIslandAsSetAndFreelyAfterIt) {
  start({{"onPowerOutageChargePowerW", "1500"}});
  EXPECT_EQ(writes_to(kChargeBound), 0) << "nothing to say in daily life";
  show_outage(true);
  EXPECT_EQ(v2h().reg(kChargeBound), 1'500);
  EXPECT_EQ(writes_to(kChargeBound), 1) << "once, not at every decision";
  show_outage(false);
  EXPECT_EQ(v2h().reg(kChargeBound), 6'000);
}

TEST_F(OutageAndContact, WithoutALimitTheBoundStays) {
  start({{"onPowerOutageChargePowerW", "65535"}});
  show_outage(true);
  EXPECT_EQ(writes_to(kChargeBound), 0);
}

TEST_F(OutageAndContact, ABoundThatTheUnitRefusedIsWrittenAgain) {
  start({{"onPowerOutageChargePowerW", "0"}});
  v2h().write_exception = 6;
  show_outage(true);
  EXPECT_EQ(v2h().reg(kChargeBound), 6'000);
  v2h().write_exception.reset();
  bench->run_for(10s);
  EXPECT_EQ(v2h().reg(kChargeBound), 0);
}

TEST_F(OutageAndContact, ABoundOfBeforeARestartIsTakenBackAfterTheOutage) {
  start({{"onPowerOutageChargePowerW", "1500"}});
  show_outage(true);
  bench->stop();
  set_fault(false);  // while the gateway is off
  bench->restart();
  bench->boot();
  bench->run_for(20s);
  EXPECT_EQ(v2h().reg(kChargeBound), 6'000);
}

TEST_F(OutageAndContact, AClosedContactChargesToItsSocAndHoldsIt) {
  start({{"socContactInput", "80"}, {"operatingMode", "discharge"}});
  EXPECT_EQ(reason(), "discharge");
  bench->gateway().set_contact_input(bench->now, true);
  bench->settle();
  EXPECT_EQ(reason(), "contact.charge") << "at once, not at the next poll";
  bench->run_for(5s);
  EXPECT_EQ(v2h().reg(kChargeMethod), 2) << "fixed";
  EXPECT_EQ(v2h().reg(kSocCeiling), 800);
  v2h().set("storage.soc", 80);
  bench->run_for(10s);
  EXPECT_EQ(reason(), "contact.hold");
  EXPECT_EQ(v2h().reg(kChargeMethod), 0);
  bench->gateway().set_contact_input(bench->now, false);
  EXPECT_EQ(reason(), "discharge");
}

TEST_F(OutageAndContact, AClosedContactStaysClosedOverARestart) {
  start({{"socContactInput", "80"}});
  bench->gateway().set_contact_input(bench->now, true);
  bench->gateway().power_off(bench->now);
  bench->boot();
  bench->run_for(20s);
  EXPECT_EQ(reason(), "contact.charge");
}

}  // namespace
}  // namespace v2x::gateway
