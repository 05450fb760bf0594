// The CAN bus of a house as a SystemC channel: a module of the kernel listens to a session, and says something itself.
#include <gtest/gtest.h>

#include "common/jst.hpp"
#include "common/scratch_directory.hpp"
#include "sim/ev/chademo_frames.hpp"
#include "sim/site/simulation.hpp"
#include "tests/paths.hpp"

namespace v2x::site {
namespace {

using namespace std::chrono_literals;

const Time kNoon = *parse_time("2026-04-01T12:00:00");

/// A node beside stand and car.
struct Sniffer final : sc_core::sc_module {
  explicit Sniffer(sc_core::sc_module_name name) : sc_module(name), can("can") {
    SC_HAS_PROCESS(Sniffer);
    SC_METHOD(hear);
    sensitive << can;
    dont_initialize();
  }
  void hear() {
    const ev::CanFrame& frame = can->frame();
    times[frame.id].push_back(sc_core::sc_time_stamp().to_seconds());
  }
  sc_core::sc_port<ev::CanChannel> can;
  std::map<int, std::vector<double>> times;
};

class CanChannelTest : public testing::Test {
 protected:
  CanChannelTest() {
    channel = dynamic_cast<ev::CanBusModule*>(sc_core::sc_find_object("home.can"));
    sniffer.can.bind(*channel);
  }

  Site& home() { return *simulation.sites().front(); }
  void command(const char* quantity, double value) {
    core::Device& v2h = home().device(*home().unit_index("v2h"));
    const std::array writes{core::QuantityWrite{v2h.quantities().slot(quantity), value, {}}};
    ASSERT_EQ(v2h.write(writes), core::ModbusException::none);
  }
  std::string text(const char* quantity) {
    const core::QuantityTable& table = home().house().unit("v2h").quantities();
    return table.text(table.slot(quantity));
  }

  ScratchDirectory data;
  MessagingContext messaging;
  core::Kernel kernel{kNoon};
  Simulation simulation{
      messaging, kernel, {.world = in_sources("scenarios/worlds/home.yaml"), .start = kNoon, .data = data.path()}};
  ev::CanBusModule* channel = nullptr;
  Sniffer sniffer{"sniffer"};
};

TEST_F(CanChannelTest, a_listener_hears_every_frame_of_start_and_power_flow_at_its_instant) {
  kernel.run_to(kNoon + 1s);
  channel->listen(true);
  command("cmd.ev_revert", 600);
  command("cmd.charge_method", 2);
  kernel.run_to(kNoon + 61s);
  for (const int id : {0x100, 0x101, 0x102, 0x200, 0x201, 0x108, 0x109, 0x208, 0x209}) {
    const std::vector<double>& times = sniffer.times[id];
    EXPECT_NEAR(static_cast<double>(times.size()), 600, 2) << std::hex << id;
    for (size_t i = 1; i < times.size(); ++i) ASSERT_NEAR(times[i] - times[i - 1], 0.1, 0.01) << std::hex << id;
  }
  EXPECT_EQ(text("vehicle.stage"), "power_flow");
}

TEST_F(CanChannelTest, nobody_listening_to_steady_power_flow_hears_nothing_of_it) {
  kernel.run_to(kNoon + 1s);
  command("cmd.ev_revert", 600);
  command("cmd.charge_method", 2);
  kernel.run_to(kNoon + 60s);
  EXPECT_TRUE(sniffer.times.empty());
}

TEST_F(CanChannelTest, a_frame_from_outside_is_believed_like_one_of_the_car) {
  kernel.run_to(kNoon + 1s);
  command("cmd.ev_revert", 600);
  command("cmd.charge_method", 2);
  kernel.run_to(kNoon + 60s);
  ASSERT_EQ(text("vehicle.stage"), "power_flow");
  ev::VehicleData forged;
  forged.protocol = 2;
  forged.faults = ev::vehicle_over_voltage;
  forged.status = 0xC1;
  channel->send(ev::encode(0x102, forged));
  kernel.run_to(kNoon + 60s + 1ms);
  EXPECT_EQ(text("vehicle.stop_reason"), "vehicle_error");
  EXPECT_EQ(text("fault"), "E7-2");
}

}  // namespace
}  // namespace v2x::site
