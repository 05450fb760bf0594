// The service's side of the telemetry protocol for tests: keeps a mark, answers, and loses what a test wants lost.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "contracts/telemetry.pb.h"
#include "sim/gateway/uplink.hpp"

namespace v2x::gateway {

class FakeService final : public Uplink {
 public:
  bool send(std::string_view frame) override {
    if (!takes) return false;
    if (instead) return instead(frame);
    telemetry::Up up;
    EXPECT_TRUE(up.ParseFromArray(frame.data(), static_cast<int>(frame.size())));
    EXPECT_LE(frame.size(), 256u * 1024);
    received.push_back(up);
    if (up.has_hello()) on_hello(up.hello());
    if (up.has_batch()) on_batch(up.batch());
    return true;
  }

  std::vector<telemetry::Event> events() const {
    std::vector<telemetry::Event> list;
    for (const auto& record : records)
      if (record.has_event()) list.push_back(record.event());
    return list;
  }
  std::vector<telemetry::Sample> samples() const {
    std::vector<telemetry::Sample> list;
    for (const auto& record : records)
      if (record.has_sample()) list.push_back(record.sample());
    return list;
  }
  std::vector<telemetry::CommandResult> results() const {
    std::vector<telemetry::CommandResult> list;
    for (const auto& up : received)
      if (up.has_command_result()) list.push_back(up.command_result());
    return list;
  }
  std::vector<telemetry::Sample> live() const {
    std::vector<telemetry::Sample> list;
    for (const auto& up : received)
      if (up.has_live()) list.push_back(up.live().sample());
    return list;
  }
  template <class Body>
  void say(Body fill) {
    telemetry::Down down;
    fill(down);
    replies.push_back(down.SerializeAsString());
  }

  std::function<bool(std::string_view frame)> instead;  ///< somebody else takes the frames, and answers by `replies`
  bool takes = true;                                    ///< the connection's queue has room
  bool answers = true;                                  ///< by the delivery law
  int lose_batches = 0;                                 ///< the next ones never arrive
  int lose_acks = 0;                                    ///< committed, but the answer is lost
  std::int64_t time_ms = 0;                             ///< of the Welcome; 0: not told
  std::uint32_t offset_ms = 0;
  std::uint32_t period_ms = 60'000;

  telemetry::Hello last_hello;
  std::uint64_t mark = 0;
  std::vector<telemetry::Record> records;  ///< committed, in order
  std::vector<telemetry::Dropped> dropped;
  std::vector<telemetry::Up> received;
  std::deque<std::string> replies;

 private:
  void on_hello(const telemetry::Hello& hello) {
    stream_ = hello.stream_id();
    last_hello = hello;
    if (!answers) return;
    say([&](telemetry::Down& down) {
      down.mutable_welcome()->set_mark(mark);
      down.mutable_welcome()->set_report_period_ms(period_ms);
      down.mutable_welcome()->set_send_offset_ms(offset_ms);
      down.mutable_welcome()->set_time_ms(time_ms);
    });
  }

  void on_batch(const telemetry::Batch& batch) {
    if (!answers) return;
    if (lose_batches > 0) {
      --lose_batches;
      return;
    }
    if (batch.first_seq() > mark + 1) {
      say([&](telemetry::Down& down) {
        down.mutable_gap()->set_stream_id(stream_);
        down.mutable_gap()->set_expected_seq(mark + 1);
      });
      return;
    }
    for (const auto& record : batch.records()) {
      if (record.seq() <= mark) continue;
      EXPECT_EQ(record.seq(), mark + 1) << "strictly in order";
      records.push_back(record);
      mark = record.seq();
    }
    if (batch.has_dropped()) {
      dropped.push_back(batch.dropped());
      mark = std::max(mark, batch.dropped().last_seq());
    }
    if (lose_acks > 0) {
      --lose_acks;
      return;
    }
    say([&](telemetry::Down& down) {
      down.mutable_ack()->set_stream_id(stream_);
      down.mutable_ack()->set_seq(mark);
    });
  }

  std::string stream_;
};

}  // namespace v2x::gateway
