// The stages from plugged to power flow and back.
#include "sim/ev/charge_sequence.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace v2x::ev {
namespace {

using namespace std::chrono_literals;

struct SequenceRun {
  ChargeSequence sequence;
  Time now{};
  std::vector<std::pair<Stage, Duration>> entered;

  void pass_until(Stage stage) {
    const Time start = now;
    while (sequence.stage() != stage && sequence.next_change(now) != power::kNever) {
      now = sequence.next_change(now);
      sequence.update(now);
      entered.emplace_back(sequence.stage(), now - start);
    }
  }
};

TEST(ChargeSequence, follows_the_recorded_run_of_a_real_car) {
  SequenceRun run;
  run.sequence.plug(run.now);
  run.sequence.start(run.now);
  run.pass_until(Stage::power_flow);
  const std::vector<std::pair<Stage, Duration>> recorded{{Stage::negotiate, 100ms},    {Stage::permitted, 3900ms},
                                                         {Stage::insulation, 12700ms}, {Stage::precharge, 16100ms},
                                                         {Stage::ready, 17300ms},      {Stage::power_flow, 19600ms}};
  EXPECT_EQ(run.entered, recorded);
}

TEST(ChargeSequence, the_plug_is_locked_from_the_insulation_test_to_the_weld_check) {
  SequenceRun run;
  EXPECT_FALSE(run.sequence.locked());
  run.sequence.plug(run.now);
  run.sequence.start(run.now);
  run.pass_until(Stage::permitted);
  EXPECT_FALSE(run.sequence.locked());
  run.pass_until(Stage::insulation);
  EXPECT_TRUE(run.sequence.locked());
  run.pass_until(Stage::power_flow);
  EXPECT_TRUE(run.sequence.contactor_closed());
  run.sequence.stop(StopReason::idle, run.now);
  EXPECT_TRUE(run.sequence.contactor_closed());
  run.pass_until(Stage::weld_check);
  EXPECT_FALSE(run.sequence.contactor_closed());
  EXPECT_TRUE(run.sequence.locked());
  run.pass_until(Stage::plugged);
  EXPECT_FALSE(run.sequence.locked());
  EXPECT_EQ(run.sequence.stop_reason(), StopReason::idle);
}

TEST(ChargeSequence, an_unlocked_plug_is_pulled_at_once_a_locked_one_after_the_stop) {
  SequenceRun run;
  run.sequence.plug(run.now);
  run.sequence.unplug(run.now);
  EXPECT_EQ(run.sequence.stage(), Stage::unplugged);
  run.sequence.plug(run.now);
  run.sequence.start(run.now);
  run.pass_until(Stage::power_flow);
  run.sequence.unplug(run.now);
  EXPECT_EQ(run.sequence.stage(), Stage::stopping);
  const Time asked = run.now;
  run.pass_until(Stage::unplugged);
  EXPECT_EQ(run.now - asked, 3300ms);
}

TEST(ChargeSequence, a_stop_before_the_contactor_skips_the_weld_check) {
  SequenceRun run;
  run.sequence.plug(run.now);
  run.sequence.start(run.now);
  run.pass_until(Stage::permitted);
  run.sequence.stop(StopReason::user, run.now);
  EXPECT_EQ(run.sequence.stage(), Stage::unlock);
  run.pass_until(Stage::plugged);
  EXPECT_EQ(run.sequence.stop_reason(), StopReason::user);
}

}  // namespace
}  // namespace v2x::ev
