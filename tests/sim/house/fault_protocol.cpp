#include "tests/sim/house/fault_protocol.hpp"

#include <algorithm>
#include <array>

namespace v2x::house {
namespace {

using namespace std::chrono_literals;
using contracts::Fault;
using contracts::Recovery;

/// Codes whose cause is an instant, or goes with the unit's own output.
constexpr std::array<std::string_view, 3> kEndByThemselves{"E1-5", "E1-8", "E8-0"};

bool has(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::string test_name(const testing::TestParamInfo<FaultCase>& one) {
  std::string name = one.param.code;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

void expect_all_codes(const std::string& kind, std::initializer_list<FaultCase> cases) {
  for (const Fault& fault : faults().all()) {
    const bool found = std::any_of(cases.begin(), cases.end(), [&](const auto& one) { return fault.code == one.code; });
    EXPECT_EQ(found, fault.detected_by == "pcs" && has(fault.applies, kind)) << fault.code;
  }
}

bool FaultProtocol::active() {
  const auto bits =
      static_cast<std::uint64_t>(number("fault_vendor[" + std::to_string(fault_.vendor_register()) + "]"));
  return (bits >> fault_.vendor_bit()) & 1;
}

bool FaultProtocol::run_until_active(bool wanted, Duration limit) {
  const Time end = house_->now() + limit;
  while (active() != wanted) {
    if (house_->next_change() > end) {
      house_.run_until(end);
      return false;
    }
    house_.run_until(house_->next_change());
  }
  return true;
}

void FaultProtocol::raise_and_recover(void (*restart)(TestHouse& house)) {
  raise();
  if (HasFatalFailure()) return;
  end_cause();
  if (HasFatalFailure()) return;
  recover(restart);
}

void FaultProtocol::raise() {
  GetParam().before(house_);
  const double before_w = number("ac.power");
  ASSERT_FALSE(active());
  ASSERT_TRUE(house_->inject(unit_, fault_.code));
  const Time caused = house_->now();
  GetParam().shows(house_);
  ASSERT_TRUE(run_until_active(true, GetParam().within)) << text("state");
  EXPECT_GE(house_->now() - caused, GetParam().at_least);
  expect_bits();
  expect_effect(before_w);
}

void FaultProtocol::expect_bits() {
  const auto bits = static_cast<std::uint64_t>(number("fault_bits"));
  for (const int bit : fault_.evt1_bits) EXPECT_TRUE((bits >> bit) & 1) << "Evt1 bit " << bit;
  const auto alarms = static_cast<std::uint64_t>(number("dc[1].alarms"));
  for (const int bit : fault_.dc_alarm_bits) EXPECT_TRUE((alarms >> bit) & 1) << "DC alarm bit " << bit;
}

void FaultProtocol::expect_tripped() {
  EXPECT_EQ(text("state"), "fault");
  EXPECT_EQ(number("ac.power"), 0);
  EXPECT_EQ(number("ac.relay"), fault_.code == "E4-4" ? 1 : 0);  // a welded relay stays closed
}

void FaultProtocol::expect_stopped() {
  EXPECT_EQ(number("ac.power"), 0);
  EXPECT_NE(text("state"), "running");
}

void FaultProtocol::end_cause() {
  if (fault_.code == "E1-6") {  // without voltage it becomes an outage
    ASSERT_TRUE(house_.run_until(unit_ + ".fault", "E1-0", 1100ms));
  } else if (std::find(kEndByThemselves.begin(), kEndByThemselves.end(), fault_.code) == kEndByThemselves.end()) {
    write("cmd.alarm_reset", 1);
    EXPECT_FALSE(run_until_active(false, 5min)) << "its cause is still there";
  }
  ASSERT_TRUE(house_->repair(unit_, fault_.code));
  GetParam().mends(house_);
}

void FaultProtocol::attend() {
  write("cmd.alarm_reset", 1);
}

void FaultProtocol::recover(void (*restart)(TestHouse& house)) {
  if (fault_.recovery == Recovery::manual || fault_.recovery == Recovery::replug) {
    EXPECT_FALSE(run_until_active(false, 10min)) << "nobody has done anything about it";
    attend();
  }
  const Duration cools = fault_.fault_class == contracts::FaultClass::thermal ? Duration(1h) : Duration(2s);
  EXPECT_TRUE(run_until_active(false, std::max<Duration>(10s, fault_.recovery_wait) + cools));
  write("cmd.alarm_reset", 1);  // E3-1 leaves a fan failure behind
  restart(house_);
  EXPECT_FALSE(run_until_active(true, 6min)) << "it comes once";
  EXPECT_TRUE(house_.run_until(unit_ + ".state", "running", 2min)) << text("state");
}

}  // namespace v2x::house
