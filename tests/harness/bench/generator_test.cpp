// The load's gateways against a service that a test plays: delivery law, back-pressure, loss.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <thread>

#include "common/scratch_directory.hpp"
#include "harness/bench/generator.hpp"

namespace v2x::bench {
namespace {

using namespace std::chrono_literals;

/// Acknowledges by the law, on a thread of its own.
class PlayedService {
 public:
  explicit PlayedService(std::function<void(PlayedService&, const PeerFrame&, telemetry::Batch&)> manner = {})
      : manner_(std::move(manner)),
        router_(context_, "tcp://127.0.0.1:*", keys_, [](const std::string& key) { return std::optional(key); }),
        thread_([this](const std::stop_token& stop) { serve(stop); }) {}

  TelemetryTarget target() const { return {router_.endpoint(), keys_.public_key}; }
  void say(const PeerFrame& to, const telemetry::Down& down) { router_.send(to.routing_id, down.SerializeAsString()); }
  void acknowledge(const PeerFrame& to, const telemetry::Batch& batch) {
    telemetry::Down down;
    down.mutable_ack()->set_seq(batch.first_seq() + static_cast<std::uint64_t>(batch.records_size()) - 1);
    say(to, down);
  }

  std::atomic<int> batches{0};
  std::atomic<int> most_records{0};
  std::map<std::string, std::uint64_t> marks;  // of the thread, by key

 private:
  void serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const auto frame = router_.receive(20ms);
      telemetry::Up up;
      if (!frame || !up.ParseFromString(frame->data)) continue;
      if (up.has_hello()) {
        telemetry::Down down;
        down.mutable_welcome()->set_mark(marks[frame->user_id]);
        say(*frame, down);
      }
      if (!up.has_batch()) continue;
      ++batches;
      most_records = std::max(most_records.load(), up.batch().records_size());
      if (manner_)
        return_to_manner(*frame, *up.mutable_batch());
      else
        acknowledge(*frame, up.batch());
    }
  }
  void return_to_manner(const PeerFrame& frame, telemetry::Batch& batch) { manner_(*this, frame, batch); }

  std::function<void(PlayedService&, const PeerFrame&, telemetry::Batch&)> manner_;
  MessagingContext context_;
  CurveKeyPair keys_ = make_curve_key_pair();
  CurveRouter router_;
  std::jthread thread_;
};

class Generating : public testing::Test {
 protected:
  Generating() {
    telemetry::Record record;
    record.set_seq(1);
    record.mutable_sample()->set_load_w(300);
    const std::string one = record.SerializeAsString();
    std::ofstream(scratch.path() / "fleet") << "v2x-fleet 1\n{\"houses\":1}\n"
                                            << '\x01' << static_cast<char>(one.size()) << one;
    file.emplace(scratch.path() / "fleet");
  }
  LoadPlan plan(double rate) const {
    LoadPlan plan;
    plan.gateways = kGateways;
    plan.rate = rate;
    return plan;
  }

  static constexpr std::uint32_t kGateways = 20;
  const ScratchDirectory scratch;
  std::optional<FleetFile> file;
  const std::vector<FleetGateway> fleet = make_fleet(kGateways);
  MessagingContext messaging;
};

TEST_F(Generating, offers_its_rate_and_counts_what_is_acknowledged) {
  PlayedService service;
  Generator generator(messaging, service.target(), plan(1000), *file, fleet);
  generator.connect();
  ASSERT_TRUE(generator.wait_for_welcomes(10s));
  generator.begin(Time{});
  generator.run_until(steady_now() + 500ms);
  ASSERT_TRUE(generator.drain(10s));
  const LoadCounts& counts = generator.counts();
  EXPECT_NEAR(static_cast<double>(counts.offered), 500, 25);
  EXPECT_GT(counts.acknowledged, 0u);
  EXPECT_LE(counts.acknowledged, counts.offered);
  EXPECT_EQ(counts.ack.count(), counts.acknowledged);
  EXPECT_EQ(service.most_records, 1);
  EXPECT_EQ(counts.lost, 0u);
}

TEST_F(Generating, saturates_with_one_batch_on_its_way) {
  PlayedService service;
  LoadPlan backlog = plan(0);
  backlog.shape = Shape::backfill;
  Generator generator(messaging, service.target(), backlog, *file, fleet);
  generator.connect();
  ASSERT_TRUE(generator.wait_for_welcomes(10s));
  generator.begin(Time{} + std::chrono::hours(24 * 365 * 50));
  generator.run_until(steady_now() + 200ms);
  ASSERT_TRUE(generator.drain(10s));
  EXPECT_EQ(service.most_records, 512);
  EXPECT_EQ(generator.counts().acknowledged, static_cast<std::uint64_t>(service.batches) * 512);
}

TEST_F(Generating, waits_when_the_service_is_busy_and_loses_nothing) {
  int refused = 0;
  PlayedService service([&](PlayedService& self, const PeerFrame& frame, telemetry::Batch& batch) {
    if (refused++ >= 30) return self.acknowledge(frame, batch);
    telemetry::Down down;
    down.mutable_busy()->set_retry_after_ms(20);
    self.say(frame, down);
  });
  Generator generator(messaging, service.target(), plan(1000), *file, fleet);
  generator.connect();
  ASSERT_TRUE(generator.wait_for_welcomes(10s));
  generator.begin(Time{});
  generator.run_until(steady_now() + 300ms);
  ASSERT_TRUE(generator.drain(10s));
  EXPECT_GE(generator.counts().busy, 30u);
  EXPECT_GT(generator.counts().acknowledged, 0u);
  EXPECT_EQ(generator.counts().lost, 0u);
}

TEST_F(Generating, notices_that_an_acknowledged_record_is_asked_for_again) {
  std::map<std::string, int> seen;
  PlayedService service([&](PlayedService& self, const PeerFrame& frame, telemetry::Batch& batch) {
    if (seen[frame.user_id]++ != 3) return self.acknowledge(frame, batch);
    telemetry::Down down;  // three are acknowledged, the first alone is known
    down.mutable_gap()->set_expected_seq(2);
    self.say(frame, down);
  });
  Generator generator(messaging, service.target(), plan(1000), *file, fleet);
  generator.connect();
  ASSERT_TRUE(generator.wait_for_welcomes(10s));
  generator.begin(Time{});
  generator.run_until(steady_now() + 500ms);
  EXPECT_EQ(generator.counts().lost, 2u * kGateways);
}

TEST_F(Generating, goes_on_after_its_connections_were_lost) {
  PlayedService service;
  Generator generator(messaging, service.target(), plan(1000), *file, fleet);
  generator.connect();
  ASSERT_TRUE(generator.wait_for_welcomes(10s));
  generator.begin(Time{});
  generator.run_until(steady_now() + 100ms);
  generator.connect();
  EXPECT_EQ(generator.welcomed(), 0u);
  ASSERT_TRUE(generator.wait_for_welcomes(10s));
  EXPECT_GT(generator.counts().lost, 0u) << "this service remembers no mark, and the generator must see that";
}

}  // namespace
}  // namespace v2x::bench
