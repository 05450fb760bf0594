// The barrier with real sockets: whatever the order of arrival, a step takes in what was announced and no more.
#include "backend/app/stepper.hpp"

#include <gmock/gmock.h>

#include <thread>

#include "backend/app/verbs.hpp"
#include "backend/store/registry_sqlite.hpp"
#include "tests/backend/ingest/frames.hpp"
#include "tests/backend/service_fixture.hpp"

namespace v2x::app {
namespace {

using std::chrono::milliseconds;
using test::at;
using test::batch_of;
using test::fault;
using test::hello;
using test::kGateway;
using test::up;

constexpr milliseconds kPatience{20'000};

class StepperTest : public test::ServiceFixture {
 protected:
  void SetUp() override {
    set_up_linked_home();
    core_.registry.on_commit([this](const auto& happenings) {
      happenings_.add(clock_.now(), happenings);
      duties_.changed();
    });
    ingest::ServerOptions options;
    options.endpoint = "tcp://127.0.0.1:*";
    options.keys = server_keys_;
    options.frames_patience = milliseconds(2000);
    ingest_.emplace(context_, options, core_.registry, core_.telemetry, core_.alarms, core_.commands);
    stepper_.emplace(clock_, duties_, *ingest_, happenings_, [this](Time t) { core_.offline_duty.came_up(t); });
    dealer_socket_.emplace(context_, CurveDealer::Options{ingest_->endpoint(), server_keys_.public_key, keys_});
  }

  void send(const std::string& data) { ASSERT_TRUE(dealer_socket_->send(data)); }
  std::string answer() {
    const auto data = dealer_socket_->receive(kPatience);
    return data ? test::word_of(*data) : "nothing";
  }
  Stepper::Step advance(const std::string& time, std::uint64_t frames) {
    auto step = stepper_->advance_to(at(time), frames);
    EXPECT_TRUE(step) << step.error().message;
    return step ? std::move(*step) : Stepper::Step{};
  }
  std::uint64_t mark() { return core_.telemetry.mark({kGateway, ingest::hex(test::kStream)}); }

  MessagingContext context_;
  CurveKeyPair server_keys_ = make_curve_key_pair();
  Happenings happenings_;
  DutyRoster duties_{{&core_.alarm_mail_duty, &core_.alarm_closing_duty, &core_.offline_duty}};
  std::optional<ingest::Server> ingest_;
  std::optional<Stepper> stepper_;
  std::optional<CurveDealer> dealer_socket_;
};

TEST_F(StepperTest, FramesThatCameBeforeTheCallAreTakenIn) {
  send(hello());
  send(up(batch_of(1, 2)));
  EXPECT_EQ(advance("12:01:00", 2).frames_down, 2u);
  EXPECT_EQ(answer(), "ack 2");
  EXPECT_EQ(answer(), "welcome 2");
}

TEST_F(StepperTest, FramesThatComeAfterTheCallAreWaitedFor) {
  Stepper::Step step;
  std::thread control([&] { step = advance("12:01:00", 1); });
  send(hello());
  control.join();
  EXPECT_EQ(step.frames_down, 1u);
}

TEST_F(StepperTest, A_FrameThatWasNotAnnouncedIsNotTakenIn) {
  send(up(batch_of(1, 1)));
  send(up(batch_of(2, 1)));
  EXPECT_EQ(advance("12:01:00", 1).frames_down, 1u);
  EXPECT_EQ(mark(), 1u);
  EXPECT_EQ(advance("12:02:00", 2).frames_down, 1u);
  EXPECT_EQ(mark(), 2u);
}

TEST_F(StepperTest, AnnouncedFramesThatDoNotComeAreAnErrorOfTheBench) {
  const auto step = stepper_->advance_to(at("12:01:00"), 1);
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, "frames_missing");
}

TEST_F(StepperTest, FollowCountsFromZeroAgain) {
  send(hello());
  advance("12:01:00", 1);
  EXPECT_FALSE(stepper_->advance_to(at("12:02:00"), 0)) << "fewer than before";
  stepper_->follow();
  advance("12:02:00", 0);
  send(hello());
  EXPECT_EQ(advance("12:03:00", 1).frames_down, 1u);
}

TEST_F(StepperTest, TimersBeforeTheInstantRunFirstEachAtItsOwn) {
  send(up(fault(1, telemetry::EVENT_KIND_FAULT_RAISED, "E1-1", at("12:01:00"))));
  EXPECT_EQ(advance("12:01:00", 1).next_due, at("12:11:00"));
  send(up(fault(2, telemetry::EVENT_KIND_FAULT_CLEARED, "E1-1", at("12:12:00"))));
  advance("12:12:00", 2);
  ASSERT_FALSE(decisions().empty());
  EXPECT_EQ(decisions()[0].decision, "queued") << "due at 12:11, before the clear was taken in";
  EXPECT_EQ(decisions()[0].time, at("12:11:00"));
}

TEST_F(StepperTest, FramesOfTheInstantComeBeforeItsTimers) {
  send(up(fault(1, telemetry::EVENT_KIND_FAULT_RAISED, "E1-1", at("12:01:00"))));
  advance("12:01:00", 1);
  send(up(fault(2, telemetry::EVENT_KIND_FAULT_CLEARED, "E1-1", at("12:11:00"))));
  advance("12:11:00", 2);
  ASSERT_FALSE(decisions().empty());
  EXPECT_EQ(decisions()[0].decision, "held_cleared") << "the clear was in hand when the mail fell due";
}

TEST_F(StepperTest, NextDueIsTheEarliestOfAll) {
  send(hello());
  EXPECT_EQ(advance("12:01:00", 1).next_due, at("12:31:00")) << "silence after 30 minutes";
  send(up(fault(1, telemetry::EVENT_KIND_FAULT_RAISED, "E1-1", at("12:02:00"))));
  EXPECT_EQ(advance("12:02:00", 2).next_due, at("12:12:00")) << "the hold of a grid fault";
}

TEST_F(StepperTest, WhatHappenedIsToldInOrderWithItsTime) {
  send(up(fault(1, telemetry::EVENT_KIND_FAULT_RAISED, "E1-1", at("12:01:00"))));
  const Json happened = advance("12:01:00", 1).happened;
  ASSERT_EQ(happened.size(), 1u);
  EXPECT_EQ(happened[0]["what"], "alarm");
  EXPECT_EQ(happened[0]["gateway"], kGateway);
  EXPECT_EQ(happened[0]["unit"], 1);
  EXPECT_EQ(happened[0]["state"], "open");
  EXPECT_EQ(happened[0]["t"], "2026-04-01T12:01:00+09:00");
  EXPECT_TRUE(advance("12:02:00", 1).happened.empty()) << "told once";
}

TEST_F(StepperTest, BeforeTheFirstCallNoTimerRunsAndNothingCountsAsSilent) {
  core_.registry.transact([&](service::Transaction& transaction) {
    transaction.inventory().seen({{kGateway, at("11:00:00")}});
  });
  stepper_->follow();
  EXPECT_TRUE(decisions().empty());
  EXPECT_EQ(advance("12:10:00", 0).next_due, at("12:40:00")) << "up since 12:10";
}

TEST_F(StepperTest, TheTimeOfCommitsOutlivesTheProcess) {
  advance("12:34:00", 0);
  core_.registry.transact([](service::Transaction&) {});
  EXPECT_EQ(store::RegistrySqlite::newest_commit(options(scratch_).registry_file()), at("12:34:00"));
}

TEST_F(StepperTest, A_KeyThatNobodyImportedIsNotAdmitted) {
  CurveDealer stranger(context_, {ingest_->endpoint(), server_keys_.public_key, make_curve_key_pair()});
  ASSERT_TRUE(stranger.send(hello()));
  EXPECT_FALSE(stepper_->advance_to(at("12:01:00"), 1)) << "its frame never comes";
  EXPECT_GE(ingest_->counters().unknown_keys, 1u);
}

}  // namespace
}  // namespace v2x::app
