// Which codes show, for how long, and what clears them.
#include "sim/power/active_faults.hpp"

#include <gtest/gtest.h>

namespace v2x::power {
namespace {

using namespace std::chrono_literals;
using contracts::FaultClass;

const contracts::QuantityCatalogue& quantities() {
  static const auto catalogue = contracts::QuantityCatalogue::load();
  return catalogue;
}

struct Faults {
  contracts::FaultCatalogue catalogue = contracts::FaultCatalogue::load();
  core::QuantityTable table{quantities(), "pv_pcs"};
  ActiveFaults active{catalogue, table};
  Time now = Time{} + 1000s;

  std::string shown() { return table.text(table.slot("fault")); }
  double number(const char* name) { return table.number(table.slot(name)); }
  void pass(Duration d) {
    now += d;
    active.update(now);
  }
};

TEST(ActiveFaults, nothing_active_reads_as_none) {
  Faults faults;
  EXPECT_TRUE(faults.table.has(faults.table.slot("fault")));
  EXPECT_EQ(faults.shown(), "");
  EXPECT_EQ(faults.number("fault_number"), 0);
  EXPECT_EQ(faults.number("fault_bits"), 0);
  EXPECT_FALSE(faults.table.has(faults.table.slot("fault_since")));
  EXPECT_FALSE(faults.active.stops());
}

TEST(ActiveFaults, a_code_shows_with_its_bits_and_since_when) {
  Faults faults;
  faults.active.raise("E1-1", faults.now);
  EXPECT_EQ(faults.shown(), "E1-1");
  EXPECT_EQ(faults.number("fault_number"), 17);
  EXPECT_EQ(faults.number("fault_since"), 1000);
  EXPECT_EQ(faults.number("fault_bits"), 1 << 10);
  EXPECT_EQ(faults.number("fault_vendor[1]"), 1 << 1);
  EXPECT_TRUE(faults.active.stops());
}

TEST(ActiveFaults, lasts_ten_seconds_at_least_and_as_long_as_its_cause) {
  Faults faults;
  faults.active.raise("E1-2", faults.now);
  faults.active.see_cause(FaultClass::grid, false, faults.now);
  EXPECT_EQ(faults.active.next_change(faults.now), faults.now + 10s);
  faults.pass(9999ms);
  EXPECT_EQ(faults.shown(), "E1-2");
  faults.active.see_cause(FaultClass::grid, true, faults.now);
  faults.pass(1h);
  EXPECT_EQ(faults.shown(), "E1-2");
  faults.active.see_cause(FaultClass::grid, false, faults.now);
  faults.active.update(faults.now);
  EXPECT_EQ(faults.shown(), "");
}

TEST(ActiveFaults, one_grid_code_shows_and_an_outage_replaces_it) {
  Faults faults;
  faults.active.raise("E1-2", faults.now);
  faults.active.raise("E1-4", faults.now);
  EXPECT_EQ(faults.shown(), "E1-2");
  faults.active.raise("E1-0", faults.now + 1s);
  EXPECT_EQ(faults.shown(), "E1-0");
  EXPECT_EQ(faults.number("fault_vendor[1]"), 1);
  EXPECT_EQ(faults.number("fault_since"), 1001);
}

TEST(ActiveFaults, the_gravest_is_an_error_before_a_notice_then_the_lowest_code) {
  Faults faults;
  faults.active.raise("E1-0", faults.now);  // a notice
  faults.active.raise("E4-1", faults.now);
  faults.active.raise("E3-1", faults.now);
  EXPECT_EQ(faults.shown(), "E3-1");
  EXPECT_EQ(faults.number("fault_vendor[1]"), 1) << "all active bits stay visible";
  EXPECT_EQ(faults.number("fault_vendor[2]"), (1 << 1) + (1 << (1 + 16))) << "E3-1 and E4-1";
}

TEST(ActiveFaults, manual_recovery_needs_the_cause_gone_and_then_a_hand) {
  Faults faults;
  faults.active.raise("E4-1", faults.now);
  faults.active.acknowledge(faults.now);
  faults.pass(1h);
  EXPECT_EQ(faults.shown(), "E4-1");
  faults.active.see_cause(FaultClass::hardware, false, faults.now);
  faults.pass(1h);
  EXPECT_EQ(faults.shown(), "E4-1");
  faults.active.acknowledge(faults.now);
  EXPECT_EQ(faults.shown(), "");
}

}  // namespace
}  // namespace v2x::power
