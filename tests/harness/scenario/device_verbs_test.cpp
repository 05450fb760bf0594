// The verbs of devices and their bus: what they read, and what they refuse.
#include <gmock/gmock.h>

#include "tests/harness/scenario/temporary_scenarios.hpp"

namespace v2x::scenario {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class DeviceVerbs : public TemporaryScenarios {
 protected:
  template <class Step>
  Step read(const std::string& step) {
    return std::get<Step>(load(head() + "  - " + step + "\n").at(0).steps.at(0).act);
  }
};

TEST_F(DeviceVerbs, ACarComesAndGoes) {
  EXPECT_FALSE(read<Vehicle>("unplug: home").forced);
  EXPECT_TRUE(read<Vehicle>("unplug: {site: home, forced: yes}").forced);
  EXPECT_EQ(read<Vehicle>("depart: home").act, "depart");
  EXPECT_EQ(read<Vehicle>("return: home").trip_wh, 6000);
  EXPECT_EQ(read<Vehicle>("return: {site: home, trip: 8 kWh}").trip_wh, 8000);
}

TEST_F(DeviceVerbs, ACauseIsSetAndCleared) {
  const auto inject = read<Fault>("inject: {unit: home.v2h, code: E7-1}");
  EXPECT_EQ(inject.unit, "home.v2h");
  EXPECT_EQ(inject.code, "E7-1");
  EXPECT_TRUE(inject.inject);
  EXPECT_FALSE(read<Fault>("repair: {unit: home.v2h, code: E7-1}").inject);
  EXPECT_EQ(read<Reset>("reset: home.pcs1").unit, "home.pcs1");
}

TEST_F(DeviceVerbs, AMasterReads) {
  const auto plain = read<Modbus>("modbus: {unit: home.pcs1, read: 40070}");
  EXPECT_EQ(plain.function, 3);
  EXPECT_EQ(plain.first, 40070);
  EXPECT_EQ(plain.count, 1);
  const auto shown = read<Modbus>("modbus: {unit: home.pcs1, read: 40070, function: 4, shows: [101, 50]}");
  EXPECT_EQ(shown.function, 4);
  EXPECT_EQ(shown.count, 2);
  EXPECT_THAT(shown.values, ElementsAre(101, 50));
  EXPECT_EQ(read<Modbus>("modbus: {unit: home.pcs1, read: 0, count: 126, exception: 3}").exception, 3);
  EXPECT_TRUE(read<Modbus>("modbus: {unit: home.pcs1, read: 0, silent: yes}").silent);
}

TEST_F(DeviceVerbs, AMasterWrites) {
  const auto many = read<Modbus>("modbus: {unit: home.pcs1, write: 40233, values: [50, 0]}");
  EXPECT_EQ(many.function, 16);
  EXPECT_THAT(many.values, ElementsAre(50, 0));
  EXPECT_EQ(read<Modbus>("modbus: {unit: home.pcs1, write: 40233, function: 6, values: [50]}").function, 6);
}

struct Refused {
  const char* step;
  const char* message;
};

class DeviceVerbsRefuse : public TemporaryScenarios, public testing::WithParamInterface<Refused> {};

TEST_P(DeviceVerbsRefuse, WithPlaceAndNearestWord) {
  EXPECT_THAT(refusal(head() + "  - " + GetParam().step + "\n"), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Steps, DeviceVerbsRefuse,
    testing::Values(
        Refused{"inject: {unit: home.pcs3, code: E1-1}", "'home.pcs3' is no unit of world home_linked, nearest"},
        Refused{"inject: {unit: home.pcs1, code: E1-9}", "'E1-9' is no code of the fault catalogue, nearest"},
        Refused{"inject: {unit: home.pcs1, code: E7-1}", "E7-1 does not occur in a unit of kind pv_pcs"},
        Refused{"repair: {unit: home.v2h, code: E2-1}", "E2-1 does not occur in a unit of kind ev_pcs"},
        Refused{"reset: home.meter", "home.meter has no run switch"},
        Refused{"return: {site: home, trip: 8}", "expected a number with the unit Wh"},
        Refused{"unplug: {site: home, force: yes}", "'force' is no key here, nearest: 'forced'"},
        Refused{"modbus: {unit: home.pcs1}", "expected 'read' or 'write'"},
        Refused{"modbus: {unit: home.pcs1, read: 1, write: 1}", "expected 'read' or 'write'"},
        Refused{"modbus: {unit: home.pcs1, read: 70000}", "found 70000, expected 0 to 65535"},
        Refused{"modbus: {unit: home.pcs1, read: 1, values: [1]}", "does not go with 'read'"},
        Refused{"modbus: {unit: home.pcs1, write: 1, shows: [1]}", "does not go with 'write'"},
        Refused{"modbus: {unit: home.pcs1, write: 1}", "values"},
        Refused{"modbus: {unit: home.pcs1, write: 1, values: [1, 2], function: 6}",
                "found 2 registers, expected 1 to 1"},
        Refused{"modbus: {unit: home.pcs1, read: 1, function: 16}", "expected 3 or 4"},
        Refused{"modbus: {unit: home.pcs1, read: 1, count: 3, shows: [1]}", "as many registers as 'shows' has"},
        Refused{"modbus: {unit: home.pcs1, read: 1, exception: 2, silent: yes}", "an exception is an answer"}));

}  // namespace
}  // namespace v2x::scenario
