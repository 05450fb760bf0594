#include "sim/gateway/uplink_session.hpp"

#include <gtest/gtest.h>

#include <array>

#include "tests/sim/gateway/bench.hpp"

namespace v2x::gateway {
namespace {

class Session : public ::testing::Test {
 protected:
  Session() { open(); }

  void open() {
    session.reset();
    spool.reset();
    spool = std::make_unique<Spool>(spool_options(scratch.path() / "spool.db", 1));
    session = std::make_unique<UplinkSession>(
        UplinkSession::Settings{60s, 30s}, *spool, service,
        UplinkSession::Handlers{[](Time, telemetry::Hello& hello) { hello.set_model("GW-M001"); },
                                [this](Time, const telemetry::Command& c) { commands.push_back(c); }});
  }
  void connect() {
    session->connected(now, telemetry::BOOT_REASON_POWER_ON);
    settle();
  }
  void settle() {
    while (!service.replies.empty()) {
      const std::string frame = service.replies.front();
      service.replies.pop_front();
      session->on_frame(now, frame);
    }
  }
  void spool_one(Priority priority) {
    telemetry::Record record;
    record.set_seq(spool->next_seq());
    if (priority == Priority::sample) {
      record.mutable_sample()->set_length_ms(60'000);
    } else {
      record.mutable_event()->set_kind(telemetry::EVENT_KIND_BOOT);
    }
    const std::array records = {Spool::NewRecord{priority, record.SerializeAsString()}};
    ASSERT_TRUE(spool->append(records, {}).has_value());
  }
  void event() {
    spool_one(Priority::event);
    session->event_spooled(now);
    settle();
  }
  void sample() {
    spool_one(Priority::sample);
    session->sample_spooled(now, now);
    settle();
  }
  /// Wakes at each wanted instant up to `d` from now.
  void run_for(Duration d) {
    const Time end = now + d;
    for (auto wake = session->next_wake(); wake && *wake <= end; wake = session->next_wake()) {
      now = std::max(now, *wake);
      session->wake(now);
      settle();
    }
    now = end;
  }
  template <class Fill>
  void hear(Fill fill) {
    service.say(fill);
    settle();
  }
  size_t frames() const { return service.received.size(); }
  const telemetry::Up& last() const { return service.received.back(); }
  telemetry::Batch last_batch() const { return last().batch(); }

  Time now = kNoon;
  ScratchDirectory scratch;
  FakeService service;
  std::vector<telemetry::Command> commands;
  std::unique_ptr<Spool> spool;
  std::unique_ptr<UplinkSession> session;
};

TEST_F(Session, HelloTellsWhatIsSpooled) {
  spool_one(Priority::sample);
  spool_one(Priority::sample);
  service.answers = false;
  connect();
  const telemetry::Hello& hello = last().hello();
  EXPECT_EQ(hello.protocol(), 1u);
  EXPECT_EQ(hello.stream_id(), spool->stream_id());
  EXPECT_EQ(hello.first_seq(), 1u);
  EXPECT_EQ(hello.last_seq(), 2u);
  EXPECT_EQ(hello.boot_reason(), telemetry::BOOT_REASON_POWER_ON);
}

TEST_F(Session, NothingIsSentBeforeTheWelcome) {
  service.answers = false;
  connect();
  event();
  EXPECT_EQ(frames(), 1u);
  EXPECT_FALSE(session->welcomed());
}

TEST_F(Session, HelloIsRepeatedUntilAWelcomeComes) {
  service.answers = false;
  connect();
  run_for(29s);
  EXPECT_EQ(frames(), 1u);
  run_for(2s);
  EXPECT_EQ(frames(), 2u);
  service.answers = true;
  run_for(30s);
  EXPECT_TRUE(session->welcomed());
}

TEST_F(Session, AnEventLeavesAtOnceAndIsDeletedWhenAcknowledged) {
  connect();
  event();
  EXPECT_EQ(service.records.size(), 1u);
  EXPECT_EQ(spool->size(), 0u);
}

TEST_F(Session, ASampleLeavesAtTheOffsetOfItsGateway) {
  service.offset_ms = 20'000;
  connect();
  sample();
  run_for(19s);
  EXPECT_EQ(service.records.size(), 0u);
  run_for(1s);
  EXPECT_EQ(service.records.size(), 1u);
}

TEST_F(Session, AnEventTakesTheSamplesBeforeItAlong) {
  service.offset_ms = 20'000;
  connect();
  sample();
  event();
  ASSERT_EQ(service.records.size(), 2u);
  EXPECT_TRUE(service.records[0].has_sample());
  EXPECT_TRUE(service.records[1].has_event());
}

TEST_F(Session, OneBatchIsInFlightAtATime) {
  connect();
  service.answers = false;
  event();
  event();
  EXPECT_EQ(frames(), 2u) << "Hello and one Batch";
}

TEST_F(Session, ABatchHoldsAtMost512Records) {
  for (int i = 0; i < 600; ++i) spool_one(Priority::sample);
  connect();
  ASSERT_EQ(frames(), 3u);
  EXPECT_EQ(service.received[1].batch().records_size(), 512);
  EXPECT_EQ(service.received[2].batch().first_seq(), 513u);
  EXPECT_EQ(spool->size(), 0u);
}

TEST_F(Session, ALostBatchIsSentAgain) {
  connect();
  service.lose_batches = 1;
  event();
  EXPECT_EQ(service.records.size(), 0u);
  run_for(31s);
  EXPECT_EQ(service.records.size(), 1u);
  EXPECT_EQ(spool->size(), 0u);
}

TEST_F(Session, ALostAckDoublesNothing) {
  connect();
  service.lose_acks = 1;
  event();
  EXPECT_EQ(spool->size(), 1u) << "kept until acknowledged";
  run_for(31s);
  EXPECT_EQ(service.records.size(), 1u);
  EXPECT_EQ(spool->size(), 0u);
}

TEST_F(Session, AGapIsFilledFromTheExpectedNumber) {
  connect();
  service.answers = false;
  for (int i = 0; i < 3; ++i) event();
  hear([&](telemetry::Down& down) {
    down.mutable_ack()->set_stream_id(spool->stream_id());
    down.mutable_ack()->set_seq(1);
  });
  EXPECT_EQ(last_batch().first_seq(), 2u);
  hear([&](telemetry::Down& down) {
    down.mutable_gap()->set_stream_id(spool->stream_id());
    down.mutable_gap()->set_expected_seq(2);
  });
  EXPECT_EQ(last_batch().first_seq(), 2u);
  EXPECT_EQ(last_batch().records_size(), 2);
}

TEST_F(Session, AGapRepeatedWithoutProgressIsAnsweredLessOften) {
  connect();
  service.answers = false;
  event();
  const auto gap = [&](telemetry::Down& down) {
    down.mutable_gap()->set_stream_id(spool->stream_id());
    down.mutable_gap()->set_expected_seq(1);
  };
  hear(gap);
  const size_t sent = frames();
  hear(gap);
  EXPECT_EQ(frames(), sent);
  run_for(31s);
  EXPECT_GT(frames(), sent);
}

TEST_F(Session, BusyIsHonoured) {
  connect();
  service.answers = false;
  event();
  hear([](telemetry::Down& down) { down.mutable_busy()->set_retry_after_ms(5'000); });
  const size_t sent = frames();
  event();
  run_for(4s);
  EXPECT_EQ(frames(), sent);
  EXPECT_EQ(spool->size(), 2u);
  service.answers = true;
  run_for(1s);
  EXPECT_EQ(service.records.size(), 2u);
}

TEST_F(Session, ARefusedRecordIsPassedOverByTheMark) {
  connect();
  service.answers = false;
  event();
  hear([&](telemetry::Down& down) {
    down.mutable_refused()->set_stream_id(spool->stream_id());
    down.mutable_refused()->set_seq(1);
    down.mutable_refused()->set_reason("absurd value");
  });
  EXPECT_EQ(spool->size(), 1u) << "only the Ack deletes";
  hear([&](telemetry::Down& down) {
    down.mutable_ack()->set_stream_id(spool->stream_id());
    down.mutable_ack()->set_seq(1);
  });
  EXPECT_EQ(spool->size(), 0u);
  EXPECT_EQ(session->refused(), 1u);
}

TEST_F(Session, ARefusedFrameIsSentAgain) {
  connect();
  service.answers = false;
  event();
  hear([&](telemetry::Down& down) { down.mutable_refused()->set_reason("no message"); });
  EXPECT_EQ(spool->size(), 1u);
  service.answers = true;
  run_for(31s);
  EXPECT_EQ(service.records.size(), 1u);
}

TEST_F(Session, AnAckOfAnotherStreamOrOfNumbersNeverGivenDeletesNothing) {
  connect();
  service.answers = false;
  event();
  hear([](telemetry::Down& down) {
    down.mutable_ack()->set_stream_id("0123456789abcdef");
    down.mutable_ack()->set_seq(1);
  });
  hear([&](telemetry::Down& down) {
    down.mutable_ack()->set_stream_id(spool->stream_id());
    down.mutable_ack()->set_seq(2);
  });
  EXPECT_EQ(spool->size(), 1u);
}

TEST_F(Session, ARebootInMidBatchKeepsTheNumbers) {
  connect();
  service.lose_acks = 1;
  event();
  open();
  event();
  EXPECT_EQ(frames(), 2u) << "offline";
  connect();
  ASSERT_EQ(service.records.size(), 2u);
  EXPECT_EQ(service.records[1].seq(), 2u);
  EXPECT_EQ(spool->size(), 0u);
}

TEST_F(Session, AHoleIsToldAsDropped) {
  const size_t room = Spool::kRecordsPerDay + Spool::kEventReserve;
  spool_one(Priority::event);
  for (size_t i = 0; i < room + 2; ++i) spool_one(Priority::sample);
  connect();
  ASSERT_EQ(service.dropped.size(), 1u);
  EXPECT_EQ(service.dropped[0].first_seq(), 2u);
  EXPECT_EQ(service.dropped[0].last_seq(), 4u);
  EXPECT_EQ(service.mark, room + 3);
  EXPECT_EQ(spool->size(), 0u);
}

TEST_F(Session, AFullQueueIsTriedAgain) {
  connect();
  service.takes = false;
  event();
  service.takes = true;
  run_for(1s);
  EXPECT_EQ(service.records.size(), 1u);
}

TEST_F(Session, ADisconnectedGatewayOnlySpools) {
  connect();
  session->disconnected();
  event();
  EXPECT_FALSE(session->next_wake().has_value());
  EXPECT_EQ(service.records.size(), 0u);
  connect();
  EXPECT_EQ(service.records.size(), 1u);
}

TEST_F(Session, PeriodsOutsideOfTheContractAreNotHonoured) {
  for (const auto& [asked_ms, expected] :
       {std::pair{999u, 60s}, {1'000u, 1s}, {3'600'000u, 3600s}, {3'600'001u, 3600s}}) {
    service.period_ms = asked_ms;
    connect();
    EXPECT_EQ(session->report_period(), expected) << asked_ms;
  }
}

TEST_F(Session, ACommandIsHandedOnWithTheServicesTime) {
  service.time_ms = (now + 5min).time_since_epoch() / 1ms;
  connect();
  service.say([](telemetry::Down& down) {
    down.mutable_command()->set_correlation_id(7);
    down.mutable_command()->mutable_read_settings();
  });
  settle();
  ASSERT_EQ(commands.size(), 1u);
  EXPECT_EQ(commands[0].correlation_id(), 7u);
  EXPECT_EQ(session->service_time(now), now + 5min);
}

TEST_F(Session, AResultWaitsForTheService) {
  telemetry::CommandResult result;
  result.set_correlation_id(7);
  session->report(now, result);
  EXPECT_TRUE(service.results().empty());
  connect();
  ASSERT_EQ(service.results().size(), 1u);
  EXPECT_EQ(service.results()[0].correlation_id(), 7u);
}

TEST_F(Session, AResultIsSentAgainWhenTheQueueWasFull) {
  connect();
  service.takes = false;
  session->report(now, telemetry::CommandResult());
  service.takes = true;
  run_for(1s);
  EXPECT_EQ(service.results().size(), 1u);
}

TEST_F(Session, LiveSamplesPassABacklogAndNeverWait) {
  telemetry::Sample sample;
  session->show(sample);  // nobody is there
  connect();
  EXPECT_TRUE(service.live().empty());
  service.answers = false;  // the batch stays in flight
  event();
  session->show(sample);
  EXPECT_EQ(service.live().size(), 1u);
}

TEST_F(Session, GarbageFromTheServiceChangesNothing) {
  connect();
  session->on_frame(now, "\xFF\xFF garbage");
  session->on_frame(now, "");
  event();
  EXPECT_EQ(service.records.size(), 1u);
}

}  // namespace
}  // namespace v2x::gateway
