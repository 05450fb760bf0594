// v2x-gateway as a process that is killed fifty times, against the real backend: what it made must be stored, once.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <fstream>

#include "common/clock_options.hpp"
#include "common/random.hpp"
#include "harness/world/gateway_file.hpp"
#include "harness/world/process.hpp"
#include "harness/world/stage.hpp"
#include "sim/gateway/spool.hpp"

namespace v2x {
namespace {

using namespace std::chrono_literals;

constexpr int kKills = 50;
constexpr double kSpeed = 60;  // a minute's sample each second

class Killed : public ::testing::Test {
 protected:
  static world::StageOptions options(const std::string& epoch) {
    world::StageOptions made;
    made.programs = V2X_BIN_DIR;
    made.realtime = world::Realtime{epoch, kSpeed, 0};
    return made;
  }

  void SetUp() override {
    stage_options_.logs = logs_.path();
    stage_ = std::make_unique<world::Stage>(world_, stage_options_);
    ASSERT_TRUE(stage_->make_gateways());
    const auto backend = stage_->start_backend();
    ASSERT_TRUE(backend) << backend.error().message;
    const auto simulator = stage_->start_simulator();
    ASSERT_TRUE(simulator) << simulator.error().message;
    gateway_id_ = world_.sites.front().gateway_id;
    const std::string endpoint = "tcp://127.0.0.1:" + std::to_string(backend->at("telemetry").get<int>());
    std::ofstream(file_) << world::gateway_file(simulator->at("sites").at(0),
                                                {endpoint,
                                                 backend->at("server_public_key").get<std::string>(),
                                                 {stage_->keys() / (gateway_id_ + ".key")},
                                                 spool_,
                                                 true});
  }

  std::unique_ptr<world::Process> start() const {
    return std::make_unique<world::Process>(
        std::vector<std::string>{V2X_BIN_DIR "/v2x-gateway", file_.string(), "--epoch", epoch_, "--speed",
                                 std::to_string(kSpeed)},
        logs_.path() / "gateway.out", logs_.path() / "gateway.log");
  }
  static void wait(std::chrono::milliseconds time) { Alarm().wait(steady_now() + time); }
  Json ledger() {
    const auto answer = stage_->backend().call("ledger", {{"gateway", gateway_id_}});
    EXPECT_TRUE(answer) << answer.error().message;
    const Json streams = answer ? answer->value("streams", Json::array()) : Json::array();
    return streams.empty() ? Json::object() : streams.at(0);
  }
  /// Until the service has had nothing new from it for longer than a sample takes.
  void wait_until_quiet() {
    for (std::uint64_t mark = 0, quiet = 0; quiet < 2;) {
      const auto now = ledger().value("mark", std::uint64_t{0});
      quiet = now == mark ? quiet + 1 : 0;
      mark = now;
      wait(300ms);
    }
  }

  const std::string epoch_ = format_epoch(RealtimeClock::system().now(), steady_now());
  scenario::World world_ = scenario::load_world(V2X_SOURCE_DIR "/scenarios/worlds/firmware_desk.yaml");
  world::ScratchDirectory logs_;
  world::StageOptions stage_options_ = options(epoch_);
  std::unique_ptr<world::Stage> stage_;
  std::filesystem::path file_ = logs_.path() / "gateway.yaml";
  std::filesystem::path spool_ = logs_.path() / "gateway.spool";
  std::string gateway_id_;
};

TEST_F(Killed, FiftyTimesLosesNothingAndDoublesNothing) {
  for (int kill = 0; kill < kKills; ++kill) {
    const auto gateway = start();
    wait(std::chrono::milliseconds(300 + static_cast<int>(1'500 * random_uniform({1, "soak", "kill"}, kill))));
    ASSERT_FALSE(gateway->exited()) << gateway->exited()->text();
    gateway->signal(SIGKILL);
    ASSERT_TRUE(gateway->wait(10s));
  }
  const auto gateway = start();
  wait(5s);
  gateway->signal(SIGTERM);
  const auto exit = gateway->wait(10s);
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->code, 0) << exit->text();
  wait_until_quiet();
  const gateway::StreamLedger made =
      gateway::Spool({spool_, gateway::Spool::Durability::power, 30, {}, nullptr}).ledger();
  const Json stored = ledger();
  std::printf("%d kills, %llu records made, %llu acknowledged; the service says %s\n", kKills,
              static_cast<unsigned long long>(made.made), static_cast<unsigned long long>(made.acknowledged),
              stored.dump().c_str());
  EXPECT_GE(made.made, static_cast<std::uint64_t>(kKills));
  EXPECT_EQ(made.dropped, 0u);
  EXPECT_EQ(stored.value("stream", ""), made.stream) << "one stream";
  // What was spooled in its last instant may not have left yet; what left was stored once.
  EXPECT_GE(stored.value("mark", std::uint64_t{0}), made.acknowledged);
  EXPECT_GE(stored.value("mark", std::uint64_t{0}) + 2, made.made);
  EXPECT_EQ(stored.value("stored", std::uint64_t{0}), stored.value("mark", std::uint64_t{0}));
  EXPECT_EQ(stored.value("missing", std::uint64_t{1}), 0u);
  EXPECT_EQ(stored.value("doubled", std::uint64_t{1}), 0u);
  EXPECT_EQ(stored.value("put_aside", std::uint64_t{1}), 0u);
  EXPECT_TRUE(stage_->stop_all());
}

}  // namespace
}  // namespace v2x
