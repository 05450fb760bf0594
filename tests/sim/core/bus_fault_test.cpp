// Injected faults of the bus, one by one, and that they leave other units alone.
#include "contracts/bus_fault.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/core/bus_fixture.hpp"

namespace v2x::core {
namespace {

using namespace std::chrono_literals;
using contracts::BusFault;
using testing::HasSubstr;

const Bytes kReadPower = request(1, {3, 0x9C, 0x94, 0, 1});
const Bytes kReadVoltageAndPower = request(1, {3, 0x9C, 0x93, 0, 2});

class BusFaults : public BusFixture {
 protected:
  BusFaults() { device.set("ac.power", 777); }

  void inject(const char* json) {
    const auto fault = BusFault::parse(nlohmann::json::parse(json));
    ASSERT_TRUE(fault) << fault.error().message;
    const auto id = conduct.inject(*fault, image.life(), image.snapshot());
    ASSERT_TRUE(id) << id.error().message;
  }
  Bytes power() { return exchange(kReadPower); }

  const Bytes good{3, 2, 0x03, 0x09};
};

TEST_F(BusFaults, SilenceEndsByCount) {
  inject(R"({"kind": "silence", "count": 2})");
  EXPECT_EQ(power(), Bytes{});
  EXPECT_EQ(power(), Bytes{});
  EXPECT_EQ(power(), good);
  EXPECT_TRUE(conduct.active().empty());
}

TEST_F(BusFaults, SilenceEndsByTime) {
  inject(R"({"kind": "silence", "for": 10})");
  EXPECT_EQ(power(), Bytes{});
  ASSERT_EQ(conduct.active().size(), 1u);
  EXPECT_EQ(conduct.active()[0].left, 10s - (scheduler.now() - Time()));
  scheduler.run_to(Time() + 10s);
  EXPECT_EQ(power(), good);
}

TEST_F(BusFaults, ADeafUnitHearsAgainAfterItsRestart) {
  inject(R"({"kind": "deaf"})");
  EXPECT_EQ(power(), Bytes{});
  device.set("boots", 1);
  EXPECT_EQ(power(), good);
}

TEST_F(BusFaults, DelayIsOnTopOfTheTurnAround) {
  inject(R"({"kind": "delay", "min": 1, "max": 2})");
  const Time sent = scheduler.now();
  EXPECT_EQ(power(), good);
  EXPECT_GE(reply_times.back() - sent, 1005ms);
  EXPECT_LE(reply_times.back() - sent, 2030ms);
}

TEST_F(BusFaults, ExceptionsComeInsteadOfTheReply) {
  inject(R"({"kind": "exception", "code": 4, "functions": [3]})");
  EXPECT_EQ(power(), (Bytes{0x83, 4}));
  EXPECT_EQ(exchange(request(1, {4, 0x9C, 0x94, 0, 1})).size(), 4u) << "function 4 is spared";
}

TEST_F(BusFaults, BusyComesInBursts) {
  inject(R"({"kind": "busy", "ms": 1, "every": 5})");
  int busy = 0;
  for (int i = 0; i < 50; ++i) {
    scheduler.run_to(Time() + i * 500ms);
    busy += power() == (Bytes{0x83, 6}) ? 1 : 0;
  }
  EXPECT_EQ(busy, 10);
}

TEST_F(BusFaults, RangeSparesOtherRegisters) {
  inject(R"({"kind": "silence", "range": [40000, 40083]})");
  EXPECT_EQ(power(), good);
  EXPECT_EQ(exchange(kReadVoltageAndPower), Bytes{});
}

TEST_F(BusFaults, ProbabilityIsSeeded) {
  inject(R"({"kind": "silence", "probability": 0.3})");
  int silent = 0;
  for (int i = 0; i < 200; ++i) silent += power().empty() ? 1 : 0;
  EXPECT_GT(silent, 40);
  EXPECT_LT(silent, 80);
}

TEST_F(BusFaults, WrongFramesOfTcp) {
  struct Case {
    const char* fault;
    Bytes reply;
  };
  const std::vector<Case> cases{
      {R"({"kind": "wrong_unit", "value": 9})", {0x12, 0x34, 0, 0, 0, 5, 9, 3, 2, 3, 9}},
      {R"({"kind": "wrong_function", "value": 4})", {0x12, 0x34, 0, 0, 0, 5, 1, 4, 2, 3, 9}},
      {R"({"kind": "wrong_tid", "value": 2})", {0x12, 0x36, 0, 0, 0, 5, 1, 3, 2, 3, 9}},
      {R"({"kind": "short_count"})", {0x12, 0x34, 0, 0, 0, 3, 1, 3, 0}},
      {R"({"kind": "corrupt", "how": "crc"})", {0x12, 0x34, 0, 0, 0, 6, 1, 3, 2, 3, 9}},
      {R"({"kind": "corrupt", "how": "truncate", "bytes": 3})", {0x12, 0x34, 0, 0, 0, 5, 1, 3}}};
  for (const Case& one : cases) {
    inject(one.fault);
    EXPECT_EQ(exchange_adu(kReadPower), one.reply) << one.fault;
    conduct.end_all();
  }
  inject(R"({"kind": "corrupt", "how": "garbage", "bytes": 2})");
  const Bytes garbled = exchange_adu(kReadPower);
  EXPECT_EQ(garbled.size(), 11u);
  EXPECT_NE(Bytes(garbled.begin() + 7, garbled.end()), good);
}

TEST_F(BusFaults, ADuplicateComesTwice) {
  inject(R"({"kind": "duplicate", "ms": 1})");
  send(kReadPower);
  scheduler.run();
  ASSERT_EQ(reply_times.size(), 2u);
  EXPECT_EQ(reply_times[1] - reply_times[0], 1s);
}

TEST_F(BusFaults, ALateReplyKeepsItsTransaction) {
  inject(R"({"kind": "late", "ms": 5, "count": 1})");
  Bytes second = kReadPower;
  second[1] = 0x35;
  send(kReadPower);
  send(second);
  scheduler.run();
  const Bytes both = receive_bytes(port.fd());
  ASSERT_EQ(both.size(), 22u);
  EXPECT_EQ(both[1], 0x35);
  EXPECT_EQ(both[12], 0x34);
}

TEST_F(BusFaults, FrozenValuesAreThoseOfTheBeginning) {
  inject(R"({"kind": "freeze"})");
  device.set("ac.power", 1);
  EXPECT_EQ(power(), good);
  conduct.end_all();
  EXPECT_EQ(power(), (Bytes{3, 2, 0, 1}));
}

TEST_F(BusFaults, ValuesBecomeSentinelsAndZeros) {
  inject(R"({"kind": "sentinel", "points": ["101.W"]})");
  EXPECT_EQ(power(), (Bytes{3, 2, 0x80, 0}));
  conduct.end_all();
  inject(R"({"kind": "zero"})");
  EXPECT_EQ(power(), (Bytes{3, 2, 0, 0}));
}

TEST_F(BusFaults, SwappedWordsAreSwappedInPartialReadsToo) {
  device.set("ac.energy_injected", 0x12345);
  const Bytes low_half = request(1, {3, 0x9C, 0x9F, 0, 1});  // second register of 101.WH at 40094
  EXPECT_EQ(exchange(low_half), (Bytes{3, 2, 0x23, 0x45}));
  inject(R"({"kind": "word_swap", "points": ["101.WH"]})");
  EXPECT_EQ(exchange(low_half), (Bytes{3, 2, 0, 1}));
}

TEST_F(BusFaults, BulkReadsReturnShiftedWords) {
  inject(R"({"kind": "bulk_quirk", "registers": 1})");
  EXPECT_EQ(power(), good);
  const Bytes two = exchange(kReadVoltageAndPower);
  EXPECT_EQ(Bytes(two.begin() + 2, two.begin() + 4), (Bytes{0x03, 0x09}));
}

TEST_F(BusFaults, CountersResetAndJumpAndGoOn) {
  const Bytes read_counter = request(1, {3, 0x9C, 0x9E, 0, 2});
  device.set("ac.energy_injected", 1000);
  inject(R"({"kind": "counter_reset", "points": ["101.WH"]})");
  device.set("ac.energy_injected", 1005);
  EXPECT_EQ(exchange(read_counter), (Bytes{3, 4, 0, 0, 0, 5}));
  conduct.end_all();
  inject(R"({"kind": "counter_jump", "value": 4294967295})");
  device.set("ac.energy_injected", 1007);
  EXPECT_EQ(exchange(read_counter), (Bytes{3, 4, 0, 0, 0, 1})) << "wrapped";
}

TEST_F(BusFaults, WhatIsWrongWithAFaultIsTold) {
  const auto message = [](const char* json) {
    const auto fault = BusFault::parse(nlohmann::json::parse(json));
    return fault ? std::string("accepted") : fault.error().message;
  };
  EXPECT_THAT(message(R"({"kind": "silense"})"), HasSubstr("silence"));
  EXPECT_THAT(message(R"({"kind": "delay"})"), HasSubstr("lacks 'min'"));
  EXPECT_THAT(message(R"({"kind": "silence", "min": 1})"), HasSubstr("'min'"));
  EXPECT_THAT(message(R"({"kind": "exception", "code": 99})"), HasSubstr("expected 1 to 11"));
  EXPECT_THAT(message(R"({"kind": "corrupt", "how": "gentle"})"), HasSubstr("garbage"));
  EXPECT_THAT(message(R"({"kind": "silence", "range": [5]})"), HasSubstr("first and the last"));
  EXPECT_THAT(message(R"({"kind": "busy", "ms": 2, "every": 1})"), HasSubstr("longer"));
  EXPECT_THAT(message(R"({"kind": 3})"), HasSubstr("kind of bus fault"));
  const auto unknown = BusFault::parse({{"kind", "zero"}, {"points", {"101.Watt"}}});
  EXPECT_THAT(conduct.inject(*unknown, {}, {}).error().message, HasSubstr("101.Watt"));
  const auto no_counter = BusFault::parse({{"kind", "counter_reset"}, {"points", {"101.W"}}});
  EXPECT_THAT(conduct.inject(*no_counter, {}, {}).error().message, HasSubstr("no counter"));
}

// ---- habits

TEST(UnitHabits, NightAndBusy) {
  TestScheduler scheduler;
  FakeDevice device("pv_pcs");
  device.set("ac.power", 5);
  device.table.set_word(device.table.slot("state"), "sleeping");
  RegisterImage image(shipped_map("sunspec-pv"), device);
  const auto conduct = [&](UnitHabits habits) {
    return UnitConduct(shipped_map("sunspec-pv"), {habits, 1, "home.pcs1", [&] { return scheduler.now(); }});
  };
  auto sentinel = conduct({.night = NightBus::sentinel, .busy = {}});
  ConductedUnit at_night(image, sentinel);
  std::uint16_t power = 0;
  EXPECT_EQ(at_night.plan(3, {}).fate, ReplyPlan::Fate::answer);
  EXPECT_EQ(at_night.read(40084, std::span(&power, 1)), ModbusException::none);
  EXPECT_EQ(power, 0x8000);
  auto refusing = conduct({.night = NightBus::refuse, .busy = {}});
  EXPECT_EQ(refusing.plan(3, {}, image.life()).fate, ReplyPlan::Fate::close);
  device.table.set_word(device.table.slot("state"), "starting");
  auto slow = conduct({.night = NightBus::slow, .busy = {}});
  EXPECT_EQ(slow.plan(3, {}, image.life()).slower, 20);
  auto busy = conduct({.night = NightBus::answer, .busy = 2s});
  EXPECT_EQ(busy.plan(3, {}, image.life()).exception, ModbusException::busy) << "start check";
  scheduler.run_to(Time() + 2s);
  EXPECT_EQ(busy.plan(3, {}, image.life()).exception, ModbusException::none);
  busy.write_accepted();
  EXPECT_EQ(busy.plan(3, {}, image.life()).exception, ModbusException::busy) << "saving what was written";
}

// ---- DEV-26

/// Every reply byte of units 1 and 3 with its instant, while `fault` works on unit 2.
std::vector<std::pair<Time, Bytes>> replies_beside(const char* fault_json, Framing framing) {
  TestScheduler scheduler;
  FakeDevice device("pv_pcs");
  device.set("ac.power", 777);
  RegisterImage image(shipped_map("sunspec-pv"), device);
  std::vector<std::unique_ptr<UnitConduct>> conducts;
  BusOptions options;
  options.framing = framing;
  options.owner = "home";
  BusLine line(scheduler, options);
  for (const std::uint8_t id : {1, 2, 3}) {
    conducts.push_back(std::make_unique<UnitConduct>(
        shipped_map("sunspec-pv"),
        UnitConduct::Options{{}, 1, "pcs" + std::to_string(id), [&] { return scheduler.now(); }}));
    line.add(id, image, *conducts.back());
  }
  if (*fault_json) {
    const auto fault = BusFault::parse(nlohmann::json::parse(fault_json));
    EXPECT_TRUE(conducts[1]->inject(*fault, image.life(), image.snapshot()));
  }
  std::vector<std::pair<Time, Bytes>> log;
  LockstepPort port(line);
  port.on_reply_pending([&] {
    const Bytes reply = receive_bytes(port.fd());
    const std::uint8_t unit = reply[pdu_begin(framing) - 1];
    if (unit != 2) log.emplace_back(scheduler.now(), reply);
  });
  for (int i = 0; i < 30; ++i) {
    const auto unit = static_cast<std::uint8_t>(1 + i % 3);
    const Bytes pdu{3, 0x9C, 0x94, 0, 1};
    const Bytes adu = framing == Framing::tcp ? request(unit, pdu) : rtu_request(unit, pdu);
    scheduler.run_to(Time() + i * 1s);
    EXPECT_GT(::send(port.fd(), adu.data(), adu.size(), 0), 0);
    port.request_sent();
  }
  scheduler.run();
  return log;
}

TEST(DEV_26, a_faulty_unit_leaves_bytes_and_times_of_the_others_unchanged) {
  for (const Framing framing : {Framing::tcp, Framing::rtu}) {
    const auto undisturbed = replies_beside("", framing);
    ASSERT_EQ(undisturbed.size(), 20u);
    for (const char* fault :
         {R"({"kind": "silence"})", R"({"kind": "late", "ms": 1.5})", R"({"kind": "delay", "min": 0.2, "max": 3})",
          R"({"kind": "corrupt", "how": "garbage", "bytes": 4, "probability": 0.5})", R"({"kind": "deaf"})",
          R"({"kind": "exception", "code": 6})", R"({"kind": "word_swap"})", R"({"kind": "short_count"})"})
      EXPECT_EQ(replies_beside(fault, framing), undisturbed) << fault;
  }
}

}  // namespace
}  // namespace v2x::core
