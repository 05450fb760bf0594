// What models write and buses, control paths and pages read.
#include "sim/core/quantity_table.hpp"

#include <gtest/gtest.h>

#include "tests/sim/core/fake_device.hpp"

namespace v2x::core {
namespace {

class Quantities : public testing::Test {
 protected:
  QuantityTable table{catalogue(), "pv_pcs"};
};

TEST_F(Quantities, AreAbsentUntilTheyAreFed) {
  for (Slot slot = 0; slot < table.size(); ++slot) {
    EXPECT_FALSE(table.has(slot));
    EXPECT_EQ(table.text(slot), "");
  }
  table.set(table.slot("ac.power"), 0);
  EXPECT_TRUE(table.has(table.slot("ac.power"))) << "zero is a value";
  table.set_absent(table.slot("ac.power"));
  EXPECT_FALSE(table.has(table.slot("ac.power")));
}

TEST_F(Quantities, ReadAsTheirWordTextOrNumber) {
  table.set_word(table.slot("state"), "fault");
  table.set_text(table.slot("fault"), "E1-1");
  table.set(table.slot("ac.voltage_u"), 101.5);
  EXPECT_EQ(table.text(table.slot("state")), "fault");
  EXPECT_EQ(table.number(table.slot("state")), 6);
  EXPECT_EQ(table.text(table.slot("fault")), "E1-1");
  EXPECT_EQ(table.text(table.slot("ac.voltage_u")), "101.5");
}

TEST_F(Quantities, TheRevisionGrowsWithChangesOnly) {
  const Slot power = table.slot("ac.power");
  const auto before = table.revision();
  table.set(power, 5);
  const auto changed = table.revision();
  EXPECT_GT(changed, before);
  table.set(power, 5);
  EXPECT_EQ(table.revision(), changed);
  table.set_absent(power);
  EXPECT_GT(table.revision(), changed);
}

TEST_F(Quantities, MistypedNamesAndWordsAreMistakesOfTheCode) {
  EXPECT_EQ(table.find("ac.powr"), std::nullopt);
  EXPECT_DEATH(table.slot("ac.powr"), "quantities.yaml has no 'ac.powr' for pv_pcs");
  EXPECT_DEATH(table.set_word(table.slot("state"), "asleep"), "pv_pcs.state has no word 'asleep'");
}

}  // namespace
}  // namespace v2x::core
