#include "sim/gateway/unit_reader.hpp"

#include <gtest/gtest.h>

#include "tests/sim/gateway/bench.hpp"

namespace v2x::gateway {
namespace {

using Progress = UnitReader::Progress;

/// One meter and its reader; replies come when the test says so.
class Reader : public ::testing::Test {
 protected:
  Reader() { reader.start(now); }

  /// Wakes, then answers requests at once until the job is done.
  Progress serve() {
    Progress progress = reader.wake(now);
    while (unit.take_request()) {
      unit.send_reply();
      progress = reader.on_reply(now);
    }
    return progress;
  }
  void identify_and_poll() {
    ASSERT_EQ(serve(), Progress::identified);
    ASSERT_EQ(serve(), Progress::polled);
  }
  void begin_next_poll() {
    now = *reader.next_wake();
    ASSERT_EQ(reader.wake(now), Progress::nothing);
    ASSERT_TRUE(unit.take_request());
  }

  Time now = kNoon;
  FakeUnit unit{map_of(UnitKind::meter), 100};
  UnitReader reader{{"meter", UnitKind::meter, 4, 100, &map_of(UnitKind::meter)}, unit, {5s, 100ms, 1s, 1}};
};

TEST_F(Reader, IdentifiesThenPolls) {
  unit.set("id.model", "KM-1");
  unit.set("id.serial", "00009005MT1");
  unit.set("ac.power", -1234);
  identify_and_poll();
  EXPECT_EQ(reader.identity()->serial, "00009005MT1");
  EXPECT_EQ(reader.identity()->model, "KM-1");
  EXPECT_EQ(reader.readings()[Reading::ac_w], -1234);
  EXPECT_EQ(reader.quality(), PollQuality::good);
}

TEST_F(Reader, PollsOnTheGridOfItsPeriodPlusItsOffset) {
  now = kNoon + 2s;
  identify_and_poll();
  EXPECT_EQ(reader.next_wake(), kNoon + 5s + 100ms);
  now = kNoon + 5s + 100ms;
  EXPECT_EQ(serve(), Progress::polled);
  EXPECT_EQ(reader.next_wake(), kNoon + 10s + 100ms);
}

TEST_F(Reader, AnAbsentPointIsAbsent) {
  unit.set_absent("ac.power");
  identify_and_poll();
  EXPECT_FALSE(reader.readings()[Reading::ac_w].has_value());
}

TEST_F(Reader, AnExceptionLeavesValuesAbsentAndNeverZero) {
  unit.set("ac.power", 700);
  identify_and_poll();
  unit.exception = 4;
  now = *reader.next_wake();
  EXPECT_EQ(serve(), Progress::polled);
  EXPECT_EQ(reader.quality(), PollQuality::exception);
  EXPECT_FALSE(reader.readings()[Reading::ac_w].has_value());
}

TEST_F(Reader, SilenceFailsThePollAfterItsRetriesAndLeavesValuesAbsent) {
  unit.set("ac.power", 700);
  identify_and_poll();
  unit.silent = true;
  begin_next_poll();
  const Time asked = now;
  EXPECT_EQ(reader.next_wake(), asked + 1s);
  now = asked + 1s;
  EXPECT_EQ(reader.wake(now), Progress::nothing);
  EXPECT_TRUE(unit.take_request()) << "asked again";
  now = asked + 2s;
  EXPECT_EQ(reader.wake(now), Progress::polled);
  EXPECT_EQ(reader.quality(), PollQuality::no_answer);
  EXPECT_FALSE(reader.readings()[Reading::ac_w].has_value());
}

TEST_F(Reader, ALateReplyIsNotTakenForTheNextOne) {
  unit.set("ac.power", 700);
  identify_and_poll();
  begin_next_poll();
  unit.send_reply();
  const std::string late = unit.last_reply;
  reader.on_reply(now);
  begin_next_poll();
  unit.send_raw(late);
  EXPECT_EQ(reader.on_reply(now), Progress::nothing);
  unit.set("ac.power", 900);
  now += 1s;
  reader.wake(now);  // asked again
  ASSERT_TRUE(unit.take_request());
  unit.send_reply();
  EXPECT_EQ(reader.on_reply(now), Progress::polled);
  EXPECT_EQ(reader.readings()[Reading::ac_w], 900);
}

/// A reply, made wrong in one respect.
struct Damage {
  const char* name;
  std::function<void(std::string&)> harm;
};
class DamagedReply : public Reader, public ::testing::WithParamInterface<Damage> {};

INSTANTIATE_TEST_SUITE_P(Frames, DamagedReply,
                         ::testing::Values(Damage{"other_transaction", [](std::string& f) { f[1] ^= 1; }},
                                           Damage{"other_protocol", [](std::string& f) { f[3] = 1; }},
                                           Damage{"length_beyond_the_protocol", [](std::string& f) { f[4] = 1; }},
                                           Damage{"other_unit", [](std::string& f) { f[6] = 7; }},
                                           Damage{"other_function", [](std::string& f) { f[7] = 4; }},
                                           Damage{"short_count",
                                                  [](std::string& f) {
                                                    f.resize(f.size() - 2);
                                                    f[5] = static_cast<char>(f[5] - 2);
                                                    f[8] = static_cast<char>(f[8] - 2);
                                                  }},
                                           Damage{"byte_count_that_lies",
                                                  [](std::string& f) { f[8] = static_cast<char>(f[8] + 2); }},
                                           Damage{"cut_in_the_middle", [](std::string& f) { f.resize(f.size() / 2); }},
                                           Damage{"cut_in_the_header", [](std::string& f) { f.resize(4); }}),
                         [](const auto& damage) { return std::string(damage.param.name); });

TEST_P(DamagedReply, IsNoAnswer) {
  unit.set("ac.power", 700);
  identify_and_poll();
  unit.silent = true;
  begin_next_poll();
  // The frame that would have been right: that of the poll before, with the next transaction.
  std::string frame = unit.last_reply;
  frame[1] = static_cast<char>(frame[1] + 1);
  GetParam().harm(frame);
  unit.send_raw(frame);
  EXPECT_EQ(reader.on_reply(now), Progress::nothing);
  now += 1s;
  reader.wake(now);
  now += 1s;
  EXPECT_EQ(reader.wake(now), Progress::polled);
  EXPECT_EQ(reader.quality(), PollQuality::no_answer);
}

TEST_F(Reader, TheUndamagedFrameOfThatTableIsAnAnswer) {
  unit.set("ac.power", 700);
  identify_and_poll();
  unit.silent = true;
  begin_next_poll();
  std::string frame = unit.last_reply;
  frame[1] = static_cast<char>(frame[1] + 1);
  unit.send_raw(frame);
  EXPECT_EQ(reader.on_reply(now), Progress::polled);
}

TEST_F(Reader, AReplyInPiecesIsTakenWhenItIsWhole) {
  identify_and_poll();
  unit.silent = true;
  begin_next_poll();
  std::string frame = unit.last_reply;
  frame[1] = static_cast<char>(frame[1] + 1);
  unit.send_raw(frame.substr(0, 5));
  EXPECT_EQ(reader.on_reply(now), Progress::nothing);
  unit.send_raw(frame.substr(5, 20));
  EXPECT_EQ(reader.on_reply(now), Progress::nothing);
  unit.send_raw(frame.substr(25));
  EXPECT_EQ(reader.on_reply(now), Progress::polled);
}

TEST(ReaderOfManyBlocks, AnAnswerToHalfOfAPollIsNoAnswer) {
  FakeUnit unit(map_of(UnitKind::pv_pcs), 1);
  UnitReader reader({"pcs1", UnitKind::pv_pcs, 1, 1, &map_of(UnitKind::pv_pcs)}, unit, {10s, 0s, 1s, 0});
  ASSERT_GT(reader.plan().reads().size(), 1u);
  unit.set("ac.power", 700);
  reader.start(kNoon);
  const auto answer = [&] {
    ASSERT_TRUE(unit.take_request());
    unit.send_reply();
    reader.on_reply(kNoon);
  };
  reader.wake(kNoon);
  answer();  // the identification
  reader.wake(kNoon);
  answer();  // the first block
  EXPECT_TRUE(reader.readings()[Reading::ac_w].has_value());
  EXPECT_EQ(reader.wake(kNoon + 1s), Progress::polled);
  EXPECT_EQ(reader.quality(), PollQuality::no_answer);
  EXPECT_FALSE(reader.readings()[Reading::ac_w].has_value());
}

TEST_F(Reader, WithoutAConnectionAPollFailsAtOnce) {
  unit.connected = false;
  EXPECT_EQ(reader.wake(now), Progress::identified);
  EXPECT_EQ(reader.wake(now), Progress::polled);
  EXPECT_EQ(reader.quality(), PollQuality::no_answer);
  EXPECT_EQ(reader.next_wake(), kNoon + 100ms);
}

TEST_F(Reader, AWriteWaitsForThePollInProgressAndLeavesWhole) {
  identify_and_poll();
  begin_next_poll();
  reader.write(WritePurpose::command, {{40'100, {1, 2, 3}}});
  unit.send_reply();
  EXPECT_EQ(reader.on_reply(now), Progress::polled);
  EXPECT_LE(*reader.next_wake(), now);
  EXPECT_EQ(serve(), Progress::written);
  EXPECT_TRUE(reader.write_answer().accepted());
  ASSERT_EQ(unit.writes.size(), 1u);
  EXPECT_EQ(unit.writes[0].values, (std::vector<std::uint16_t>{1, 2, 3}));
}

TEST_F(Reader, ARefusedWriteIsKnown) {
  identify_and_poll();
  unit.exception = 4;
  reader.write(WritePurpose::command, {{40'100, {1}}});
  EXPECT_EQ(serve(), Progress::written);
  EXPECT_FALSE(reader.write_answer().accepted());
}

TEST_F(Reader, LongReadsThatComeBackShiftedAreReplacedByShorterOnes) {
  unit.set("ac.power", -1'234);
  unit.set("ac.frequency", 60);
  unit.set("energy_buy", 77);
  unit.shifts_beyond = 20;
  identify_and_poll();
  EXPECT_EQ(reader.quality(), PollQuality::good);
  EXPECT_EQ(reader.readings()[Reading::ac_w], -1'234);
  EXPECT_EQ(reader.readings()[Reading::hertz], 60);
  EXPECT_EQ(reader.readings()[Reading::buy_wh], 77);
  for (const RegisterRead& read : reader.plan().reads()) EXPECT_LE(read.count, 20);
}

}  // namespace
}  // namespace v2x::gateway
