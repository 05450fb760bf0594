#include "backend/service/live_samples.hpp"

#include <gtest/gtest.h>

#include "common/jst.hpp"

namespace v2x::service {
namespace {

using std::chrono::seconds;

const Time kNoon = parse_time("2026-04-01T12:00:00+09:00").value();
constexpr auto kGateway = "01AB12345678";

class LiveSamplesTest : public ::testing::Test {
 protected:
  std::vector<GatewayCommand> take(bool connected = true) {
    return live_.take_commands([connected](const std::string&) { return connected; });
  }
  void put_now() {
    TelemetrySample sample;
    sample.start = clock_.now() - seconds(2);
    sample.length = seconds(2);
    live_.put(kGateway, sample);
  }

  SteppedClock clock_{kNoon};
  LiveSamples live_{clock_};
};

TEST_F(LiveSamplesTest, AsksOncePerWatchAndRenewsBeforeItEnds) {
  EXPECT_TRUE(take().empty());
  live_.watch(kGateway);
  live_.watch(kGateway);
  const auto first = take();
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].kind, GatewayCommand::Kind::live);
  EXPECT_EQ(first[0].lasts, seconds(60));
  clock_.advance_to(kNoon + seconds(30));
  live_.watch(kGateway);
  EXPECT_TRUE(take().empty()) << "half a minute is left";
  clock_.advance_to(kNoon + seconds(31));
  live_.watch(kGateway);
  const auto again = take();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_NE(again[0].correlation_id, first[0].correlation_id);
}

TEST_F(LiveSamplesTest, GivesTheNewestWhileItIsFresh) {
  live_.watch(kGateway);
  take();
  put_now();
  EXPECT_TRUE(live_.newest(kGateway, kNoon - seconds(60)));
  EXPECT_FALSE(live_.newest(kGateway, kNoon)) << "measured before the gateway was claimed (GW-11)";
  clock_.advance_to(kNoon + seconds(11));
  EXPECT_FALSE(live_.newest(kGateway, kNoon - seconds(60)));
}

TEST_F(LiveSamplesTest, EndsByItselfAndKeepsNothingOfWhatNobodyWatches) {
  put_now();
  EXPECT_FALSE(live_.newest(kGateway, kNoon - seconds(60))) << "nobody asked for it";
  live_.watch(kGateway);
  EXPECT_TRUE(take(false).empty());
  EXPECT_TRUE(take().empty()) << "whoever still looks asks again";
}

}  // namespace
}  // namespace v2x::service
