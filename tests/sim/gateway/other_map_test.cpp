// The same device and the same gateway with a map that has nothing in common with SunSpec's: other addresses, low words
// first, input registers only. Both must follow the file.
#include <gtest/gtest.h>

#include "sim/core/lockstep_port.hpp"
#include "sim/core/register_image.hpp"
#include "sim/gateway/unit_reader.hpp"
#include "tests/sim/core/bus_fixture.hpp"

namespace v2x::gateway {
namespace {

using core::Bytes;

class OtherMap : public testing::TestWithParam<const char*> {
 protected:
  OtherMap() {
    line.add(1, image, conduct);
    port.on_reply_pending([this] { reader.on_reply(scheduler.now()); });
    device.table.set_text(device.table.slot("id.serial"), "00009005PV1");
    device.set("ac.power", 4321);
    device.set("ac.voltage_u", 101.5);
    device.set("ac.frequency", 59.98);
    device.set("ac.energy_injected", 123456789);
    device.set("dc[4].voltage", 183.2);
    device.table.set_word(device.table.slot("state"), "throttled");
  }
  void poll() {
    reader.start(scheduler.now());
    reader.wake(scheduler.now());
    scheduler.run();
    reader.wake(scheduler.now());
    scheduler.run();
  }

  const core::RegisterMap& map = core::shipped_map(GetParam());
  core::FakeDevice device{"pv_pcs"};
  core::RegisterImage image{map, device};
  core::TestScheduler scheduler;
  core::UnitConduct conduct{map, {{}, 1, "pcs1", [this] { return scheduler.now(); }}};
  core::BusLine line{scheduler, {}};
  core::LockstepPort port{line};
  UnitReader reader{{"pcs1", UnitKind::pv_pcs, 1, 1, &map},
                    port,
                    {std::chrono::seconds(10), Duration(0), std::chrono::seconds(1), 1}};
};

TEST_P(OtherMap, TheGatewayReadsTheSameQuantities) {
  poll();
  EXPECT_EQ(reader.quality(), PollQuality::good);
  ASSERT_TRUE(reader.identity());
  EXPECT_EQ(reader.identity()->serial, "00009005PV1");
  EXPECT_EQ(reader.readings()[Reading::ac_w], 4321);
  EXPECT_NEAR(*reader.readings()[Reading::volts_u], 101.5, 0.05);
  EXPECT_NEAR(*reader.readings()[Reading::hertz], 59.98, 0.005);
  EXPECT_EQ(reader.readings()[Reading::injected_wh], 123456789);
  EXPECT_NEAR(*reader.readings()[Reading::string_4_v], 183.2, 0.05);
  EXPECT_EQ(reader.readings()[Reading::state], 4) << "throttled";
}

INSTANTIATE_TEST_SUITE_P(Maps, OtherMap, testing::Values("sunspec-pv", "plain-pv"),
                         [](const auto& one) { return std::string(one.param[0] == 's' ? "sunspec" : "plain"); });

TEST(PlainMap, IsOnTheWireWhatItSays) {
  const core::RegisterMap& map = core::shipped_map("plain-pv");
  core::FakeDevice device("pv_pcs");
  device.set("ac.power", 0x12345);
  core::RegisterImage image(map, device);
  core::TestScheduler scheduler;
  core::UnitConduct conduct(map, {{}, 1, "pcs1", [&] { return scheduler.now(); }});
  core::BusLine line(scheduler, {});
  line.add(1, image, conduct);
  core::LockstepPort port(line);
  const auto exchange = [&](const Bytes& pdu) {
    const Bytes adu = core::request(1, pdu);
    EXPECT_GT(::send(port.fd(), adu.data(), adu.size(), 0), 0);
    port.request_sent();
    scheduler.run();
    return core::receive_pdu(port.fd());
  };
  EXPECT_EQ(exchange({3, 0x02, 0x03, 0, 2}), (Bytes{0x83, 1})) << "no holding registers";
  EXPECT_EQ(exchange({4, 0x02, 0x03, 0, 2}), (Bytes{4, 4, 0x23, 0x45, 0, 1})) << "low word first";
  EXPECT_EQ(exchange({4, 0, 200, 0, 1}), (Bytes{4, 2, 0, 0})) << "gaps read as 0";
  EXPECT_EQ(exchange({6, 0x07, 0xD1, 0x01, 0xF4}), (Bytes{6, 0x07, 0xD1, 0x01, 0xF4}));
  EXPECT_EQ(device.table.number(device.table.slot("cmd.power_limit")), 50);
}

}  // namespace
}  // namespace v2x::gateway
