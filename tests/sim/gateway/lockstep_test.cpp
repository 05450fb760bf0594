// The gateway against the simulator's own responder: both ends of the Modbus contract at once.
#include <gtest/gtest.h>

#include "sim/core/lockstep_port.hpp"
#include "sim/core/register_image.hpp"
#include "tests/sim/gateway/bench.hpp"

namespace v2x::gateway {
namespace {

/// Acts in the order of their instants.
class Agenda final : public core::Scheduler {
 public:
  Time now() const override { return now_; }
  void at(Time t, std::function<void()> act) override { acts_.emplace(std::max(t, now_), std::move(act)); }
  /// The gateway's wakes and the scheduled acts up to `end`.
  void run_to(Time end, Gateway& gateway) {
    for (;;) {
      const Time wake = gateway.next_wake().value_or(Time::max());
      const Time act = acts_.empty() ? Time::max() : acts_.begin()->first;
      if (std::min(wake, act) > end) break;
      now_ = std::max(now_, std::min(wake, act));
      if (act <= wake) {
        auto due = acts_.extract(acts_.begin());
        due.mapped()();
      } else {
        gateway.wake(now_);
      }
    }
    now_ = end;
  }

 private:
  Time now_ = kNoon;
  std::multimap<Time, std::function<void()>> acts_;
};

class PlainDevice final : public core::Device {
 public:
  explicit PlainDevice(const std::string& kind) : table(gateway::quantities(), kind) {}
  const core::QuantityTable& quantities() const override { return table; }
  core::ModbusException write(std::span<const core::QuantityWrite> writes) override {
    for (const core::QuantityWrite& write : writes) table.set(write.slot, write.value);
    return core::ModbusException::none;
  }
  void set(std::string_view name, double value) { table.set(table.slot(name), value); }
  void set_word(std::string_view name, std::string_view word) { table.set_word(table.slot(name), word); }
  double number(std::string_view name) const { return table.number(table.slot(name)); }
  core::QuantityTable table;
};

class Lockstep : public ::testing::Test {
 protected:
  Lockstep() {
    meter.table.set_text(meter.table.slot("id.serial"), "00009005MT1");
    meter.set("ac.power", -250);
    meter.set("energy_buy", 0);
    meter.set("energy_sell", 0);
    v2h.set("ac.power", -1'250);
    v2h.set("ac.energy_injected", 0);
    v2h.set("ac.energy_absorbed", 0);
    v2h.set_word("vehicle.plug", "plugged");
    v2h.set("storage.soc", 55);
    line.add(100, meter_image, meter_conduct);
    line.add(3, v2h_image, v2h_conduct);
    GatewayConfig config;
    config.id = "01AB12345678";
    config.units = {{"meter", UnitKind::meter, 2, 100, &map_of(UnitKind::meter)},
                    {"v2h", UnitKind::ev_pcs, 1, 3, &map_of(UnitKind::ev_pcs)}};
    gateway = std::make_unique<Gateway>(config, GatewayPorts{{&meter_port, &v2h_port}, spool, service}, quantities(),
                                        faults(), 1);
    meter_port.on_reply_pending([this] { gateway->on_reply(0, agenda.now()); });
    v2h_port.on_reply_pending([this] { gateway->on_reply(1, agenda.now()); });
  }

  ScratchDirectory scratch;
  Agenda agenda;
  PlainDevice meter{"meter"}, v2h{"ev_pcs"};
  core::RegisterImage meter_image{map_of(UnitKind::meter), meter}, v2h_image{map_of(UnitKind::ev_pcs), v2h};
  core::UnitConduct meter_conduct{map_of(UnitKind::meter), {{}, 1, "meter", [this] { return agenda.now(); }}};
  core::UnitConduct v2h_conduct{map_of(UnitKind::ev_pcs), {{}, 1, "v2h", [this] { return agenda.now(); }}};
  core::BusLine line{agenda, {}};
  core::LockstepPort meter_port{line}, v2h_port{line};
  Spool spool{spool_options(scratch.path() / "spool.db")};
  FakeService service;
  std::unique_ptr<Gateway> gateway;
};

TEST_F(Lockstep, ReadsWhatTheDevicesPublish) {
  gateway->boot(kNoon, telemetry::BOOT_REASON_POWER_ON);
  gateway->on_connected(kNoon);
  gateway->on_downlink(kNoon, service.replies.front());
  agenda.run_to(kNoon + 1min + 4s, *gateway);
  telemetry::Sample sample;
  spool.read(1, [&](std::uint64_t, std::string_view bytes) {
    telemetry::Record record;
    record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    if (record.has_sample()) sample = record.sample();
    return true;
  });
  EXPECT_EQ(sample.charge_w(), 1'250u);
  EXPECT_EQ(sample.sell_w(), 250u);
  EXPECT_EQ(sample.ev().soc_permille(), 550u);
  EXPECT_TRUE(sample.has_charge_wh());
  EXPECT_TRUE(sample.has_sell_wh()) << "a counter that stands at 0 is a count";
}

TEST_F(Lockstep, ItsCommandsReachTheDeviceInPhysicalUnits) {
  gateway->boot(kNoon, telemetry::BOOT_REASON_POWER_ON);
  agenda.run_to(kNoon + 10s, *gateway);
  EXPECT_EQ(v2h.table.text(v2h.table.slot("cmd.charge_method")), "surplus");
  EXPECT_EQ(v2h.table.text(v2h.table.slot("cmd.discharge_method")), "load");
  EXPECT_EQ(v2h.number("cmd.discharge_limit"), 6'000);
  EXPECT_EQ(v2h.number("cmd.soc_floor"), 30);
  EXPECT_EQ(v2h.number("cmd.soc_ceiling"), 100);
}

TEST_F(Lockstep, AHouseWithoutTroubleNeverLosesAnAnswer) {
  gateway->boot(kNoon, telemetry::BOOT_REASON_POWER_ON);
  agenda.run_to(kNoon + 1h, *gateway);
  int events = 0, samples = 0;
  spool.read(1, [&](std::uint64_t, std::string_view bytes) {
    telemetry::Record record;
    record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    events += record.has_event() ? 1 : 0;
    samples += record.has_sample() ? 1 : 0;
    for (const auto& unit : record.sample().units()) EXPECT_EQ(unit.quality(), telemetry::QUALITY_GOOD);
    return true;
  });
  EXPECT_EQ(events, 2) << "boot and the list of units";
  EXPECT_EQ(samples, 59);
}

}  // namespace
}  // namespace v2x::gateway
