// kill -9 of the ingest and of its database servers, at random and at every named point: nothing that was acknowledged
// is lost, nothing is doubled as a query sees it, and service is back within seconds. V2X_SOAK_KILLS: how many kills of
// each kind of store (100).
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>

#include "backend/mail/template_texts.hpp"
#include "backend/store/open.hpp"
#include "common/clock_options.hpp"
#include "common/random.hpp"
#include "common/resources.hpp"
#include "contracts/fail_points.hpp"
#include "tests/backend/app/cluster.hpp"
#include "tests/backend/app/fleet.hpp"
#include "tests/need_server.hpp"

namespace v2x {
namespace {

using std::chrono::milliseconds;
using world::DatabaseServer;
using world::ServerKind;
using Steady = std::chrono::duration<double>;

constexpr int kGateways = 10;
constexpr int kKills = 100;
constexpr milliseconds kPatience{60'000};
constexpr double kRecoveryP99S = 10;
constexpr double kMostBetweenKillsMs = 600;

int kills_wanted() {
  const char* word = std::getenv("V2X_SOAK_KILLS");
  return word ? std::atoi(word) : kKills;
}

/// The points that a frame passes on its way into the stores.
std::vector<std::string> ingest_points() {
  std::vector<std::string> names;
  for (const auto& point : contracts::load_fail_points())
    if (point.name.starts_with("ingest.")) names.push_back(point.name);
  return names;
}

class StoreSoak : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "sqlite") return;
    add_server(ServerKind::postgresql);
    if (GetParam() == "clickhouse") add_server(ServerKind::clickhouse);
  }

  void add_server(ServerKind kind) {
    V2X_NEED_SERVER(kind);
    servers_.push_back(std::make_unique<DatabaseServer>(kind));
    ASSERT_TRUE(servers_.back()->start());
  }

  std::string registry_url() const {
    return servers_.empty() ? "sqlite:" + (scratch_.path() / "data/registry.db").string() : servers_.front()->url();
  }
  std::string telemetry_url() const {
    return servers_.empty() ? "sqlite:" + (scratch_.path() / "data/telemetry.db").string() : servers_.back()->url();
  }

  double draw(const char* what) { return random_uniform({1, GetParam(), what}, draws_++); }

  /// Kills something and brings it back. What it was.
  std::string kill(test::Node& node) {
    const auto points = ingest_points();
    const auto which = static_cast<size_t>(draw("victim") * static_cast<double>(1 + points.size() + servers_.size()));
    if (which < servers_.size()) {
      const SteadyTime killed = steady_now();
      servers_[which]->kill();
      EXPECT_TRUE(servers_[which]->start(kPatience));
      server_starts_s_.push_back(Steady(steady_now() - killed).count());
      return "server " + std::to_string(which);
    }
    if (which == servers_.size()) {
      node.box().kill();
      EXPECT_TRUE(node.start());
      return "ingest at random";
    }
    const std::string& point = points[which - servers_.size() - 1];
    node.box().ask_crash();
    // It may be passed before the answer has left.
    const auto asked = node.box().call("fail_at", {{"point", point}, {"action", "crash"}, {"count", 1}});
    EXPECT_TRUE(fleet_.run_until([&] { return !node.box().running(); }, kPatience))
        << point << " is never passed; " << (asked ? "it was asked for" : asked.error().message);
    if (!asked) std::printf("  %s: no answer: %s\n", point.c_str(), asked.error().message.c_str());
    EXPECT_TRUE(node.box().crashed_as_asked());
    EXPECT_TRUE(node.start());
    return point;
  }

  ScratchDirectory scratch_;
  MessagingContext context_;
  std::vector<std::unique_ptr<DatabaseServer>> servers_;
  test::Fleet fleet_{kGateways, 1};
  std::uint64_t draws_ = 0;
  std::vector<double> server_starts_s_;  ///< from its kill until it serves again: the server's own part
};

TEST_P(StoreSoak, NothingIsLostAndNothingIsDoubled) {
  test::Node node(context_, scratch_, "backend", {"--registry", registry_url(), "--telemetry", telemetry_url()});
  std::filesystem::create_directories(scratch_.path() / "data");
  {
    const RealtimeClock clock = ClockOptions{}.realtime();
    const service::PublicBases bases;
    const mail::TemplateTexts texts(resource("mail"), bases);
    const auto registry = store::open_registry(
        {store::parse_store_url(registry_url()), store::Durability::full, resource("migrations")}, clock, texts);
    fleet_.import(*registry);
  }
  const auto hello = node.start();
  ASSERT_TRUE(hello) << hello.error().message;
  fleet_.send_to({node.telemetry()}, node.server_key());

  std::map<std::string, std::vector<double>> of_kind_s;
  std::vector<double> recoveries_s;
  for (int i = 0; i < kills_wanted() && !HasFailure(); ++i) {
    fleet_.run_for(milliseconds(static_cast<int>(draw("pause") * kMostBetweenKillsMs)));
    const SteadyTime killed = steady_now();
    const std::string kind = kill(node);
    EXPECT_TRUE(fleet_.run_until([&] { return fleet_.all_served_since(killed); }, kPatience)) << "no service any more";
    recoveries_s.push_back(Steady(steady_now() - killed).count());
    of_kind_s[kind].push_back(recoveries_s.back());
  }
  EXPECT_TRUE(node.box().stop());
  const auto store = store::open_telemetry(store::parse_store_url(telemetry_url()), store::Durability::full);
  EXPECT_THAT(fleet_.audit(*store), ::testing::IsEmpty());

  std::sort(recoveries_s.begin(), recoveries_s.end());
  ASSERT_FALSE(recoveries_s.empty());
  const double p99 = recoveries_s[(recoveries_s.size() * 99 + 99) / 100 - 1];
  EXPECT_LT(p99, kRecoveryP99S);
  for (auto& [kind, some_s] : of_kind_s) {
    std::sort(some_s.begin(), some_s.end());
    std::printf("  %zu x %s: p50 %.1f s, longest %.1f s\n", some_s.size(), kind.c_str(), some_s[some_s.size() / 2],
                some_s.back());
  }
  std::sort(server_starts_s_.begin(), server_starts_s_.end());
  if (!server_starts_s_.empty())
    std::printf("  of which until a server served again: p50 %.1f s, longest %.1f s\n",
                server_starts_s_[server_starts_s_.size() / 2], server_starts_s_.back());
  std::printf("%s: %zu kills, %llu records acknowledged, recovery p50 %.1f s, p99 %.1f s, longest %.1f s\n",
              GetParam().c_str(), recoveries_s.size(), static_cast<unsigned long long>(fleet_.acknowledged()),
              recoveries_s[recoveries_s.size() / 2], p99, recoveries_s.back());
}

INSTANTIATE_TEST_SUITE_P(Over, StoreSoak, ::testing::Values("sqlite", "postgresql", "clickhouse"),
                         [](const auto& tested) { return tested.param; });

}  // namespace
}  // namespace v2x
