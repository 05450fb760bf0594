#include "common/messaging.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <map>
#include <set>
#include <thread>

#include "common/bad_input.hpp"
#include "common/clock.hpp"

namespace v2x {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatience{10'000};  // never waited for when all is well
constexpr milliseconds kNow{0};

TEST(CurveKeys, pairs_belong_together) {
  const CurveKeyPair keys = make_curve_key_pair();
  EXPECT_TRUE(is_curve_key(keys.public_key));
  EXPECT_EQ(curve_public_key(keys.secret_key), keys.public_key);
  EXPECT_NE(make_curve_key_pair().secret_key, keys.secret_key);
}

TEST(CurveKeys, what_is_no_key_is_refused) {
  EXPECT_FALSE(is_curve_key(""));
  EXPECT_FALSE(is_curve_key(std::string(39, 'a')));
  EXPECT_FALSE(is_curve_key(std::string(40, '"')));
  EXPECT_THROW(curve_public_key("short"), BadInput);
}

/// A router that knows some keys, and remembers which ones asked to come in.
class Messaging : public testing::Test {
 protected:
  CurveRouter::Authenticate authenticate() {
    return [this](const std::string& key) -> std::optional<std::string> {
      const std::lock_guard lock(mutex);
      asked.insert(key);
      somebody_asked.wake();
      const auto found = users.find(key);
      return found == users.end() ? std::nullopt : std::optional(found->second);
    };
  }
  CurveKeyPair known_keys(const std::string& user) {
    const CurveKeyPair keys = make_curve_key_pair();
    const std::lock_guard lock(mutex);
    users[keys.public_key] = user;
    return keys;
  }
  CurveDealer dealer(const CurveKeyPair& keys) {
    return CurveDealer(context, {router.endpoint(), server_keys.public_key, keys});
  }
  void wait_until_asked(const std::string& key) {
    const auto has_asked = [&] {
      const std::lock_guard lock(mutex);
      return asked.contains(key);
    };
    while (!has_asked()) somebody_asked.wait(steady_now() + kPatience);
  }

  MessagingContext context;
  CurveKeyPair server_keys = make_curve_key_pair();
  std::mutex mutex;
  std::map<std::string, std::string> users;
  std::set<std::string> asked;
  Alarm somebody_asked;
  CurveRouter router{context, "tcp://127.0.0.1:*", server_keys, authenticate()};
};

TEST_F(Messaging, frames_go_both_ways_and_say_who_sent_them) {
  CurveDealer gateway = dealer(known_keys("01AB12345678"));
  ASSERT_TRUE(gateway.send("hello"));
  const auto frame = router.receive(kPatience);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->data, "hello");
  EXPECT_EQ(frame->user_id, "01AB12345678");
  ASSERT_TRUE(router.send(frame->routing_id, "welcome"));
  EXPECT_EQ(gateway.receive(kPatience), "welcome");
}

TEST_F(Messaging, peers_are_told_apart_by_their_keys) {
  CurveDealer one = dealer(known_keys("gateway-1")), two = dealer(known_keys("gateway-2"));
  one.send("from 1");
  two.send("from 2");
  std::map<std::string, std::string> said;
  for (int i = 0; i < 2; ++i) {
    const auto frame = router.receive(kPatience);
    ASSERT_TRUE(frame);
    said[frame->user_id] = frame->data;
    router.send(frame->routing_id, "to " + frame->user_id);
  }
  EXPECT_EQ(said, (std::map<std::string, std::string>{{"gateway-1", "from 1"}, {"gateway-2", "from 2"}}));
  EXPECT_EQ(one.receive(kPatience), "to gateway-1");
  EXPECT_EQ(two.receive(kPatience), "to gateway-2");
}

TEST_F(Messaging, unknown_key_gets_nothing_in_and_nothing_out) {
  const CurveKeyPair stranger_keys = make_curve_key_pair();
  CurveDealer stranger = dealer(stranger_keys);
  stranger.send("let me in");
  wait_until_asked(stranger_keys.public_key);
  CurveDealer gateway = dealer(known_keys("gateway-1"));
  gateway.send("hello");
  const auto frame = router.receive(kPatience);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->data, "hello");
  EXPECT_FALSE(router.receive(kNow));
  EXPECT_FALSE(stranger.receive(kNow));
}

TEST_F(Messaging, gateway_that_expects_another_server_sends_nothing) {
  const CurveKeyPair keys = known_keys("gateway-1");
  CurveDealer misled(context, {router.endpoint(), make_curve_key_pair().public_key, keys});
  misled.send("secret");
  CurveDealer gateway = dealer(known_keys("gateway-2"));
  gateway.send("hello");
  EXPECT_EQ(router.receive(kPatience)->user_id, "gateway-2");
  EXPECT_FALSE(router.receive(kNow));
}

TEST_F(Messaging, frames_of_one_peer_keep_their_order) {
  constexpr int kFrames = 1000;
  CurveDealer gateway = dealer(known_keys("gateway-1"));
  for (int i = 0; i < kFrames; ++i) ASSERT_TRUE(gateway.send(std::to_string(i)));
  for (int i = 0; i < kFrames; ++i) {
    const auto frame = router.receive(kPatience);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->data, std::to_string(i));
  }
}

TEST_F(Messaging, longest_frame_passes_whole_and_a_longer_one_comes_empty) {
  CurveDealer gateway = dealer(known_keys("gateway-1"));
  gateway.send(std::string(CurveRouter::kMaxFrame, 'x'));
  gateway.send(std::string(CurveRouter::kMaxFrame + 1, 'x'));
  gateway.send("next");
  EXPECT_EQ(router.receive(kPatience)->data.size(), CurveRouter::kMaxFrame);
  EXPECT_EQ(router.receive(kPatience)->data, "");
  EXPECT_EQ(router.receive(kPatience)->data, "next");
}

TEST_F(Messaging, answer_to_a_peer_that_never_was_is_refused) {
  EXPECT_FALSE(router.send("nobody", "hello"));
}

TEST_F(Messaging, wake_ends_a_wait_from_another_thread) {
  auto received = std::async(std::launch::async, [this] { return router.receive(milliseconds(-1)); });
  router.wake();
  EXPECT_FALSE(received.get());
}

TEST_F(Messaging, wake_that_came_first_is_not_lost) {
  router.wake();
  EXPECT_FALSE(router.receive(milliseconds(-1)));
}

TEST_F(Messaging, one_wait_serves_several_dealers) {
  CurveDealer one = dealer(known_keys("gateway-1")), two = dealer(known_keys("gateway-2"));
  EXPECT_FALSE(CurveDealer::wait_any({&one, &two}, kNow));
  two.send("hello");
  router.send(router.receive(kPatience)->routing_id, "welcome");
  EXPECT_TRUE(CurveDealer::wait_any({&one, &two}, kPatience));
  EXPECT_EQ(two.receive(kNow), "welcome");
  EXPECT_FALSE(one.receive(kNow));
}

TEST_F(Messaging, taken_port_is_bad_input_that_names_it) {
  const MessagingContext other;
  try {
    const CurveRouter second(other, router.endpoint(), server_keys, authenticate());
    FAIL();
  } catch (const BadInput& error) {
    EXPECT_THAT(error.what(), testing::StartsWith(router.endpoint()));
  }
}

}  // namespace
}  // namespace v2x
