// v2x-gateway as a real process, killed fifty times by SIGKILL wherever it happens to be: every record that it made
// must be committed once, under the number and with the content that it was first sent with.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "common/random.hpp"
#include "common/scratch_directory.hpp"
#include "harness/conform/owner.hpp"
#include "harness/conform/service.hpp"
#include "harness/conform/units.hpp"
#include "harness/world/gateway_file.hpp"
#include "harness/world/port_block.hpp"
#include "tests/paths.hpp"

namespace v2x::conform {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr int kKills = 50;
constexpr milliseconds kLongestLife{5'000};  // from the start: before, in and after the Hello, batches and resends
constexpr double kUnanswered = 0.4;          // lives in which nothing that is sent gets acknowledged
constexpr double kOffline = 0.2;             // lives in which the service is not there
constexpr milliseconds kPatience{60'000};    // for what the gateway does by its own time-outs

class KilledGateway : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder() / "logs");
    std::ofstream(key_file_) << keys_.secret_key << "\n";
    service_.accept({keys_.public_key});
    ASSERT_TRUE(units_.start());
    world::GatewayService service{service_.endpoint(), service_.public_key(), {key_file_}, folder() / "gateway.spool"};
    service.brisk = true;
    gateway_ = std::make_unique<OwnGateway>(OwnGateway::Options{in_programs(), folder(), folder() / "logs",
                                                                world::gateway_file(units_.site(), service), key_file_,
                                                                service.spool});
    ASSERT_TRUE(gateway_->start());
  }

  double draw(const char* what) { return random_uniform({1, "kill soak", what}, draws_++); }
  std::filesystem::path folder() const { return scratch_.path(); }

  /// Serves until `is_over` holds; false when it did not within `most`.
  bool serve(milliseconds most, const std::function<bool()>& is_over) {
    for (const SteadyTime until = steady_now() + most; steady_now() < until;) {
      service_.serve(20ms);
      look_at_arrivals();
      if (is_over()) return true;
    }
    return is_over();
  }

  /// A number stands for one record for ever, and a Hello knows every number that was sent.
  void look_at_arrivals() {
    for (; seen_ < service_.arrivals().size(); ++seen_) {
      const telemetry::Up& up = service_.arrivals()[seen_].up;
      for (const auto& record : up.batch().records()) {
        const std::string bytes = record.SerializeAsString();
        const auto [known, is_new] = sent_.emplace(record.seq(), bytes);
        if (!is_new) ++resent_;
        EXPECT_EQ(known->second, bytes) << "number " << record.seq() << " was given twice";
      }
      if (!up.has_hello()) continue;
      ++hellos_;
      made_ = up.hello().last_seq();
      EXPECT_GE(made_, sent_.empty() ? 0 : sent_.rbegin()->first) << "the spool lost what was sent";
    }
  }

  void live_and_die() {
    service_.manner.answers_batches = draw("answers") >= kUnanswered;
    const bool offline = draw("offline") < kOffline;
    if (offline) service_.close();
    const milliseconds life(static_cast<int>(draw("life") * static_cast<double>(kLongestLife.count())));
    serve(life, [] { return false; });
    ASSERT_FALSE(gateway_->died_unasked()) << *gateway_->died_unasked();
    ASSERT_TRUE(gateway_->begin(Hook::power, {}));
    if (offline) service_.open();
  }

  /// All that was made is committed.
  bool caught_up() { return hellos_ > 0 && made_ > 0 && service_.book().mark >= made_; }

  ScratchDirectory scratch_;
  world::PortBlock ports_{world::PortBlock::default_locks()};
  RealtimeClock clock_ = RealtimeClock::system();
  MessagingContext messaging_;
  CurveKeyPair keys_ = make_curve_key_pair();
  std::filesystem::path key_file_ = scratch_.path() / "gateway.key";
  Service service_{ports_.port(0), make_curve_key_pair(), clock_};
  Units units_{messaging_,
               {in_programs(), in_sources("scenarios/worlds/firmware_desk.yaml"), scratch_.path() / "logs",
                scratch_.path(), ports_.port(1)}};
  std::unique_ptr<OwnGateway> gateway_;

  std::uint64_t draws_ = 0;
  size_t seen_ = 0;
  std::map<std::uint64_t, std::string> sent_;  ///< by number, as it came first
  std::uint64_t made_ = 0;                     ///< highest number that the newest Hello tells
  int hellos_ = 0, resent_ = 0;
};

TEST_F(KilledGateway, LosesNothingAndDoublesNothing) {
  for (int kill = 0; kill < kKills && !HasFailure(); ++kill) live_and_die();
  service_.manner.answers_batches = true;
  const int before = hellos_;
  ASSERT_TRUE(serve(kPatience, [&] { return hellos_ > before && caught_up(); }));
  ASSERT_TRUE(gateway_->stop()) << "in order, so that the next Hello tells all that there is";
  const int last = hellos_;
  ASSERT_TRUE(gateway_->start());
  ASSERT_TRUE(serve(kPatience, [&] { return hellos_ > last && caught_up(); }));

  std::printf("%d kills, %d Hellos, %llu records made, %d times one was sent again\n", kKills, hellos_,
              static_cast<unsigned long long>(made_), resent_);
  EXPECT_EQ(service_.books().size(), 1u) << "one stream";
  EXPECT_EQ(service_.book().records.size(), service_.book().mark) << "every number up to the mark, once";
  EXPECT_EQ(service_.holes(), 0) << "always from the mark on";
  EXPECT_TRUE(service_.changed().empty());
  EXPECT_TRUE(service_.malformed().empty());
  EXPECT_GT(resent_, kKills / 4) << "kills that hit nothing prove nothing";
  EXPECT_TRUE(gateway_->stop());
  EXPECT_TRUE(units_.stop());
}

}  // namespace
}  // namespace v2x::conform
