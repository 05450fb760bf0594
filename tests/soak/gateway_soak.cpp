// A gateway and the service's real ingest over simulated months of power losses and cuts of the line: every record
// that the gateway made must be stored, once. The spool lies on a disk that forgets what was not synced.
#include <gtest/gtest.h>

#include <cstdio>
#include <map>

#include "backend/ingest/delivery.hpp"
#include "common/random.hpp"
#include "tests/backend/service_fixture.hpp"
#include "tests/sim/gateway/bench.hpp"
#include "tests/sim/gateway/faulty_disk.hpp"

namespace v2x {
namespace {

using namespace std::chrono_literals;
using gateway::Bench;
using gateway::FaultyDisk;

constexpr int kPowerLosses = 200;
constexpr int kCuts = 200;
constexpr Duration kMonth = 30 * 24h;
constexpr Duration kMostIdle = 6h;  // a sample a minute is a few operations

/// One month: what happens when follows from the seed.
class Month : public test::ServiceFixture, public ::testing::WithParamInterface<int> {
 protected:
  void SetUp() override {
    ServiceFixture::SetUp();
    import_gateway();
    claim();
    bench_.service.instead = [this](std::string_view frame) { return carry(frame); };
  }

  double draw(const char* what) {
    return random_uniform({static_cast<std::uint64_t>(GetParam()), "soak", what}, draws_[what]++);
  }
  Duration draw_up_to(const char* what, Duration most) {
    return Duration(static_cast<Duration::rep>(draw(what) * static_cast<double>(most.count())));
  }

  /// The line: without power or beyond a cut nothing passes; the last frame before a cut may still arrive.
  bool carry(std::string_view frame) {
    if (!disk_.has_power() || !line_up_) return false;
    remember(frame);
    if (draw("frame") < 0.001) return true;  // lost on the way
    clock_.advance_to(bench_.now);
    answers_lost_ = draw("answer") < 0.001;
    delivery_.take({{"A", ingest::user_id_of(test::kGateway, keys_.public_key), std::string(frame)}});
    return true;
  }

  /// No number may ever stand for two records.
  void remember(std::string_view frame) {
    telemetry::Up up;
    ASSERT_TRUE(up.ParseFromArray(frame.data(), static_cast<int>(frame.size())));
    for (const auto& record : up.batch().records()) {
      const size_t hash = std::hash<std::string>()(record.SerializeAsString());
      const auto [known, is_new] = sent_.emplace(record.seq(), hash);
      EXPECT_TRUE(is_new || known->second == hash) << "number " << record.seq() << " was given twice";
    }
  }

  void run_until(Time t) {
    while (disk_.has_power() && bench_.now < t) bench_.run_to(std::min(t, bench_.now + 10s));
    bench_.now = std::max(bench_.now, t);
  }

  void boot() {
    bench_.restart();
    bench_.boot(telemetry::BOOT_REASON_POWER_ON);
    if (line_up_) bench_.connect();
  }

  /// In the middle of something: the gateway dies at one of the next operations of its disk.
  void lose_power() {
    disk_.cut_power_after(static_cast<int>(draw("operation") * 60));
    for (const Time most = bench_.now + kMostIdle; disk_.has_power() && bench_.now < most;) bench_.run_for(1s);
    ASSERT_FALSE(disk_.has_power()) << "the gateway writes nothing any more";
    bench_.stop();
    disk_.restore_power();
    bench_.now += draw_up_to("off", 1h);
    boot();
    ++losses_;
  }

  void set_line(bool up) {
    if (line_up_ && !up) ++cuts_;
    line_up_ = up;
    if (up) {
      bench_.connect();
    } else {
      bench_.disconnect();
    }
  }

  std::map<std::string, std::uint64_t> draws_;
  FaultyDisk disk_{static_cast<std::uint64_t>(GetParam())};
  Bench bench_{[](gateway::GatewayConfig& config) {
                 config.poll = {30s, 30s, 60s, 1s, 1};
                 config.id = test::kGateway;
               },
               [this] {
                 auto options = gateway::spool_options("spool");
                 options.durability = gateway::Spool::Durability::power;
                 options.vfs = disk_.vfs();
                 return options;
               }};
  bool line_up_ = true;
  bool answers_lost_ = false;
  int losses_ = 0, cuts_ = 0;
  std::map<std::uint64_t, size_t> sent_;
  ingest::Counters counters_;
  ingest::Delivery delivery_{core_.registry,
                             core_.telemetry,
                             core_.alarms,
                             core_.commands,
                             counters_,
                             [this](const std::string&, const std::string& data) {
                               if (!answers_lost_) bench_.service.replies.push_back(data);
                               return true;
                             }};
};

TEST_P(Month, NothingIsLostAndNothingIsDoubled) {
  boot();
  for (Time t = bench_.now; losses_ < kPowerLosses;) {
    t += kMonth / kPowerLosses;
    run_until(bench_.now + draw_up_to("until cut", kMonth / kPowerLosses / 4));
    if (cuts_ < kCuts) set_line(false);
    run_until(bench_.now + draw_up_to("cut", 1h));
    if (draw("order") < 0.5) lose_power();  // while the line is down
    set_line(true);
    run_until(t);
    if (losses_ < cuts_) lose_power();
    if (HasFatalFailure()) return;
  }
  run_until(bench_.now + 2h);
  // The newest sample may wait for its turn in the period, or once more after a loss.
  for (const Time most = bench_.now + 5min; bench_.spool().size() > 0 && bench_.now < most;) bench_.run_for(1s);
  const auto spool = bench_.spool().ledger();
  const auto stored = core_.telemetry.ledger(test::kGateway);
  ASSERT_EQ(stored.size(), 1u) << "one stream";
  std::printf("seed %d: %d power losses, %d cuts, %llu records made, %llu syncs\n", GetParam(), losses_, cuts_,
              static_cast<unsigned long long>(spool.made), static_cast<unsigned long long>(disk_.syncs()));
  EXPECT_EQ(cuts_, kCuts);
  EXPECT_EQ(spool.dropped, 0u);
  EXPECT_EQ(bench_.spool().size(), 0u) << "all of it was acknowledged";
  EXPECT_EQ(stored[0].mark, spool.made);
  EXPECT_EQ(stored[0].stored, spool.made);
  EXPECT_EQ(stored[0].missing, 0u);
  EXPECT_EQ(stored[0].doubled, 0u);
  EXPECT_EQ(stored[0].put_aside, 0u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Month, ::testing::Range(1, 6));

}  // namespace
}  // namespace v2x
