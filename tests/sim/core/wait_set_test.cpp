// Descriptors that come, go and are ready together.
#include "sim/core/wait_set.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>

namespace v2x::core {
namespace {

using namespace std::chrono_literals;

/// A socket pair: what is written into `far` can be read at `near`.
struct Pair {
  Pair() {
    std::array<int, 2> ends{-1, -1};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
    near = Socket(ends[0]);
    far = Socket(ends[1]);
  }
  void ring() const { EXPECT_EQ(::send(far.fd(), "x", 1, 0), 1); }
  void hear() const {
    char byte = 0;
    EXPECT_EQ(::recv(near.fd(), &byte, 1, 0), 1);
  }
  Socket near, far;
};

TEST(WaitSet, runs_the_act_of_each_descriptor_that_is_ready) {
  WaitSet waits;
  std::array<Pair, 100> pairs;  // more than one wait takes
  std::array<int, 100> heard{};
  for (size_t i = 0; i < pairs.size(); ++i)
    waits.add(pairs[i].near.fd(), [&, i] {
      pairs[i].hear();
      ++heard[i];
    });
  waits.wait(0s);
  for (size_t i = 0; i < pairs.size(); i += 2) pairs[i].ring();
  for (int round = 0; round < 2; ++round) waits.wait(0s);
  for (size_t i = 0; i < heard.size(); ++i) EXPECT_EQ(heard[i], i % 2 == 0 ? 1 : 0) << i;
}

TEST(WaitSet, what_is_removed_is_not_run_even_if_it_was_ready_together_with_its_remover) {
  WaitSet waits;
  Pair a, b;
  int runs = 0;
  const auto remove_both = [&] {
    ++runs;
    waits.remove(a.near.fd());
    waits.remove(b.near.fd());
  };
  waits.add(a.near.fd(), remove_both);
  waits.add(b.near.fd(), remove_both);
  a.ring();
  b.ring();
  for (int round = 0; round < 2; ++round) waits.wait(0s);
  EXPECT_EQ(runs, 1);
}

TEST(WaitSet, an_end_that_goes_away_is_ready_too) {
  WaitSet waits;
  Pair pair;
  int runs = 0;
  waits.add(pair.near.fd(), [&] {
    ++runs;
    waits.remove(pair.near.fd());
  });
  pair.far.close();
  for (int round = 0; round < 2; ++round) waits.wait(0s);
  EXPECT_EQ(runs, 1);
}

}  // namespace
}  // namespace v2x::core
