#include "common/curve_peers.hpp"

#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <set>

#include "common/clock.hpp"

namespace v2x {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kPeers = 50;

TEST(CurvePeers, each_has_a_key_and_a_connection_of_its_own) {
  const MessagingContext context;
  const CurveKeyPair server = make_curve_key_pair();
  CurveRouter router(context, "tcp://127.0.0.1:*", server, [](const std::string& key) { return std::optional(key); });
  const MessagingContext far;
  CurvePeers peers(far, router.endpoint(), server.public_key);
  std::vector<CurveKeyPair> keys;
  for (std::uint32_t peer = 0; peer < kPeers; ++peer) {
    keys.push_back(make_curve_key_pair());
    peers.connect(keys.back());
    ASSERT_TRUE(peers.send(peer, std::to_string(peer)));
  }
  std::set<std::string> connections;
  for (std::uint32_t i = 0; i < kPeers; ++i) {
    const auto frame = router.receive(10s);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->user_id, keys[std::stoul(frame->data)].public_key) << "who a peer is comes from its key";
    connections.insert(frame->routing_id);
    ASSERT_TRUE(router.send(frame->routing_id, "to " + frame->data));
  }
  EXPECT_EQ(connections.size(), kPeers);
  std::set<std::uint32_t> answered;
  const SteadyTime end = steady_now() + 10s;
  while (answered.size() < kPeers && steady_now() < end) {
    peers.wait(100ms);
    while (const auto frame = peers.take()) {
      EXPECT_EQ(frame->data, "to " + std::to_string(frame->peer));
      answered.insert(frame->peer);
    }
  }
  EXPECT_EQ(answered.size(), kPeers);
}

TEST(CurvePeers, who_is_refused_leaves_the_others_alone) {
  const MessagingContext context;
  const CurveKeyPair server = make_curve_key_pair();
  const CurveKeyPair known = make_curve_key_pair();
  CurveRouter router(context, "tcp://127.0.0.1:*", server, [&](const std::string& key) {
    return key == known.public_key ? std::optional<std::string>("known") : std::nullopt;
  });
  const MessagingContext far;
  CurvePeers peers(far, router.endpoint(), server.public_key);
  peers.connect(make_curve_key_pair());
  peers.connect(known);
  peers.send(0, "stranger");
  peers.send(1, "friend");
  const auto frame = router.receive(10s);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->data, "friend");
  EXPECT_FALSE(router.receive(200ms));
}

}  // namespace
}  // namespace v2x
