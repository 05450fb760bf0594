// The service's side of the wire, against a gateway that the test plays.
#include "harness/conform/service.hpp"

#include <gmock/gmock.h>

#include "harness/world/port_block.hpp"

namespace v2x::conform {
namespace {

using namespace std::chrono_literals;
using telemetry::Down;
using telemetry::Up;

class ServiceTest : public testing::Test {
 protected:
  ServiceTest() {
    service_.accept({keys_.public_key});
    connect();
  }
  void connect() {
    dealer_.reset();
    dealer_.emplace(context_, CurveDealer::Options{service_.endpoint(), service_.public_key(), keys_});
  }
  Up hello() const {
    Up up;
    up.mutable_hello()->set_protocol(1);
    up.mutable_hello()->set_stream_id(stream_);
    return up;
  }
  Up batch(std::uint64_t first, int count) const {
    Up up;
    up.mutable_batch()->set_stream_id(stream_);
    up.mutable_batch()->set_first_seq(first);
    for (int i = 0; i < count; ++i) up.mutable_batch()->add_records()->set_seq(first + static_cast<std::uint64_t>(i));
    return up;
  }
  /// Sends it and serves until it has arrived.
  void send(const Up& up) { send_bytes(up.SerializeAsString()); }
  void send_bytes(const std::string& bytes) {
    const size_t before = service_.arrivals().size() + service_.malformed().size();
    ASSERT_TRUE(dealer_->send(bytes));
    for (int i = 0; i < 100 && service_.arrivals().size() + service_.malformed().size() == before; ++i)
      service_.serve(100ms);
  }
  Down reply() {
    Down down;
    const auto frame = dealer_->receive(10s);
    EXPECT_TRUE(frame.has_value());
    if (frame) down.ParseFromString(*frame);
    return down;
  }

  world::PortBlock ports_{world::PortBlock::default_locks()};
  RealtimeClock clock_ = RealtimeClock::system();
  MessagingContext context_;
  CurveKeyPair keys_ = make_curve_key_pair();
  Service service_{ports_.port(0), make_curve_key_pair(), clock_};
  std::optional<CurveDealer> dealer_;
  std::string stream_ = std::string(16, 's');
};

TEST_F(ServiceTest, WelcomesWithTheMarkAndItsManner) {
  service_.manner.period_ms = 5000;
  send(hello());
  const Down down = reply();
  ASSERT_TRUE(down.has_welcome());
  EXPECT_EQ(down.welcome().mark(), 0u);
  EXPECT_EQ(down.welcome().report_period_ms(), 5000u);
  EXPECT_EQ(service_.stream(), stream_);
  EXPECT_EQ(service_.arrivals().back().key, keys_.public_key);
}

TEST_F(ServiceTest, AcknowledgesWhatFollowsTheMark) {
  send(hello());
  reply();
  send(batch(1, 3));
  EXPECT_EQ(reply().ack().seq(), 3u);
  send(batch(2, 4));
  EXPECT_EQ(reply().ack().seq(), 5u);
  EXPECT_EQ(service_.holes(), 0);
  EXPECT_TRUE(service_.malformed().empty());
}

TEST_F(ServiceTest, AnswersAHoleWithGapAndCountsIt) {
  send(hello());
  reply();
  send(batch(3, 1));
  EXPECT_EQ(reply().gap().expected_seq(), 1u);
  EXPECT_EQ(service_.holes(), 1);
  EXPECT_EQ(service_.book().mark, 0u);
}

TEST_F(ServiceTest, KeepsSilentWhenItShall) {
  service_.manner.welcomes = false;
  service_.manner.answers_batches = false;
  send(hello());
  send(batch(1, 1));
  EXPECT_FALSE(dealer_->receive(100ms));
  EXPECT_EQ(service_.book().mark, 0u);
}

TEST_F(ServiceTest, SeesANumberThatComesWithAnotherContent) {
  send(hello());
  send(batch(1, 1));
  Up other = batch(1, 1);
  other.mutable_batch()->mutable_records(0)->mutable_sample()->set_pv_w(1);
  send(other);
  EXPECT_THAT(service_.changed(), testing::ElementsAre("number 1 came again with another content"));
}

TEST_F(ServiceTest, DroppedMovesTheMark) {
  send(hello());
  Up up;
  up.mutable_batch()->set_stream_id(stream_);
  up.mutable_batch()->set_first_seq(1);
  up.mutable_batch()->mutable_dropped()->set_first_seq(1);
  up.mutable_batch()->mutable_dropped()->set_last_seq(9);
  send(up);
  EXPECT_EQ(service_.book().mark, 9u);
}

TEST_F(ServiceTest, SeesWhatNoGatewayMaySend) {
  send_bytes(std::string(100, '\xff'));
  EXPECT_EQ(service_.malformed().size(), 1u);
  send(batch(0, 1));
  EXPECT_EQ(service_.malformed().size(), 2u);
  Up jumps = batch(1, 2);
  jumps.mutable_batch()->mutable_records(1)->set_seq(5);
  send(jumps);
  EXPECT_EQ(service_.malformed().size(), 3u);
  send(batch(10, 513));
  EXPECT_EQ(service_.malformed().size(), 4u);
}

TEST_F(ServiceTest, RefusesAKeyThatItDoesNotKnowAndComesBackAtTheSamePort) {
  send(hello());
  service_.close();
  service_.accept({});
  service_.open();
  connect();
  for (int i = 0; i < 100 && service_.handshakes_refused() == 0; ++i) service_.serve(100ms);
  EXPECT_GT(service_.handshakes_refused(), 0);
  service_.accept({keys_.public_key});
  connect();
  send(hello());
  EXPECT_EQ(service_.arrivals().size(), 2u);
}

}  // namespace
}  // namespace v2x::conform
