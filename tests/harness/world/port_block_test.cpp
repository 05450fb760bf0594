// Ports: two blocks never share one, a taken port is passed over, a lock lasts as long as its block.
#include "harness/world/port_block.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <optional>

#include "harness/actors/smtp_sink.hpp"

namespace v2x::world {
namespace {

std::filesystem::path locks() {
  return std::filesystem::path(testing::TempDir()) / ("locks-" + std::to_string(getpid()));
}

int ephemeral_begin() {
  std::ifstream in("/proc/sys/net/ipv4/ip_local_port_range");
  int low = 0;
  in >> low;
  return low;
}

TEST(PortBlock, TwoBlocksShareNoPort) {
  const PortBlock first(locks());
  const PortBlock second(locks());
  EXPECT_GE(second.first(), first.first() + PortBlock::kSize);
  EXPECT_LE(second.port(PortBlock::kSize - 1), ephemeral_begin());
  std::filesystem::remove_all(locks());
}

TEST(PortBlock, IsFreeAgainAfterwards) {
  int port = 0;
  {
    const PortBlock block(locks());
    port = block.first();
  }
  const PortBlock again(locks());
  EXPECT_EQ(again.first(), port);
  std::filesystem::remove_all(locks());
}

TEST(PortBlock, PassesOverAPortInUse) {
  std::optional<PortBlock> block(std::in_place, locks());
  const int taken = block->port(3);
  const actors::SmtpSink other(taken);
  EXPECT_FALSE(port_is_free(taken));
  block.reset();
  const PortBlock next(locks());
  EXPECT_GT(next.first(), taken);
  std::filesystem::remove_all(locks());
}

}  // namespace
}  // namespace v2x::world
