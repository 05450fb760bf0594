// Two ingest processes on one PostgreSQL and two ClickHouse shards: one is killed, nothing is lost, nothing is doubled.
#include <gmock/gmock.h>

#include "backend/mail/template_texts.hpp"
#include "backend/store/open.hpp"
#include "backend/store/postgres.hpp"
#include "common/clock_options.hpp"
#include "common/resources.hpp"
#include "harness/actors/http_probe.hpp"
#include "tests/backend/app/cluster.hpp"
#include "tests/backend/app/fleet.hpp"
#include "tests/need_server.hpp"

namespace v2x::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::IsEmpty;
using world::DatabaseServer;
using world::ServerKind;

constexpr int kGateways = 20;
constexpr milliseconds kPatience{30'000};

class SeveralProcessesTest : public ::testing::Test {
 protected:
  std::unique_ptr<service::Registry> registry(const DatabaseServer& server) {
    return store::open_registry({store::parse_store_url(server.url()), store::Durability::full, resource("migrations")},
                                clock_, texts_);
  }

  ScratchDirectory scratch_;
  MessagingContext context_;
  RealtimeClock clock_ = ClockOptions{}.realtime();
  service::PublicBases bases_{"http://multi", "http://regist", "http://entry", "http://ctrl"};
  mail::TemplateTexts texts_{resource("mail"), bases_};
};

/// Acknowledged records a second, over two seconds.
double throughput(test::Fleet& fleet) {
  const std::uint64_t before = fleet.acknowledged();
  const SteadyTime began = steady_now();
  fleet.run_for(seconds(2));
  return static_cast<double>(fleet.acknowledged() - before) /
         std::chrono::duration<double>(steady_now() - began).count();
}

TEST_F(SeveralProcessesTest, ShareTheLoadAndOneMayDie) {
  V2X_NEED_SERVER(ServerKind::postgresql);
  V2X_NEED_SERVER(ServerKind::clickhouse);
  DatabaseServer postgres(ServerKind::postgresql), shard_a(ServerKind::clickhouse), shard_b(ServerKind::clickhouse);
  for (auto* server : {&postgres, &shard_a, &shard_b}) ASSERT_TRUE(server->start());
  const std::string telemetry = fmt::format("{},127.0.0.1:{}", shard_a.url(), shard_b.port());
  const std::vector<std::string> stores{"--registry", postgres.url(), "--telemetry", telemetry};
  test::Fleet fleet(kGateways, 1);
  fleet.import(*registry(postgres));

  test::Node first(context_, scratch_, "first", stores, "ingest"),
      second(context_, scratch_, "second", stores, "ingest");
  for (auto* node : {&first, &second}) {
    const auto hello = node->start();
    ASSERT_TRUE(hello) << hello.error().message;
    EXPECT_EQ(hello->at("roles"), Json::array({"ingest"}));
    EXPECT_EQ(hello->at("store"), "clickhouse");
  }
  EXPECT_EQ(first.server_key(), second.server_key()) << "they share a data directory";
  const SteadyTime begun = steady_now();
  fleet.send_to({first.telemetry(), second.telemetry()}, first.server_key());
  ASSERT_TRUE(fleet.run_until([&] { return fleet.all_served_since(begun); }, kPatience));
  const double with_two = throughput(fleet);
  for (auto* node : {&first, &second}) {
    const auto counters = node->box().call("counters", Json::object());
    ASSERT_TRUE(counters);
    EXPECT_GT(counters->at("records").get<int>(), 0) << "both take part";
    EXPECT_TRUE(actors::http_answers(node->metrics_port(), "/metrics"));
  }

  first.box().kill();
  const SteadyTime killed = steady_now();
  EXPECT_TRUE(fleet.run_until([&] { return fleet.all_served_since(killed); }, kPatience)) << "the second serves all";
  std::printf("records/s with two processes %.0f, with one %.0f\n", with_two, throughput(fleet));
  ASSERT_TRUE(first.start());
  fleet.run_for(seconds(2));
  EXPECT_TRUE(first.box().stop());
  EXPECT_TRUE(second.box().stop());
  const auto store = store::open_telemetry(store::parse_store_url(telemetry), store::Durability::full);
  EXPECT_THAT(fleet.audit(*store), IsEmpty());
  EXPECT_GT(fleet.acknowledged(), 0u);
}

TEST_F(SeveralProcessesTest, A_StandbyTakesOver) {
  V2X_NEED_SERVER(ServerKind::postgresql);
  // As docs/how-to/stores.md has it: commits wait for the standby, and libpq looks for the server that takes writes.
  DatabaseServer primary(ServerKind::postgresql);
  ASSERT_TRUE(primary.start());
  DatabaseServer standby(DatabaseServer::StandbyOf{primary});
  ASSERT_TRUE(standby.start());
  store::postgres::Connection operator_of_primary(primary.url());
  operator_of_primary.run("ALTER SYSTEM SET synchronous_standby_names = '*'");
  operator_of_primary.run("SELECT pg_reload_conf()");
  const std::string hosts = fmt::format("@127.0.0.1:{},127.0.0.1:{}/", primary.port(), standby.port());
  std::string both = primary.url();
  both.replace(both.find('@'), both.rfind('/') + 1 - both.find('@'), hosts);
  both += "?target_session_attrs=read-write";
  const std::vector<std::string> stores{"--registry", both, "--telemetry", both};
  test::Fleet fleet(kGateways, 2);
  fleet.import(*registry(primary));
  test::Node node(context_, scratch_, "node", stores);
  const auto hello = node.start();
  ASSERT_TRUE(hello) << hello.error().message;
  fleet.send_to({node.telemetry()}, node.server_key());
  fleet.run_for(seconds(3));
  EXPECT_GT(fleet.acknowledged(), 0u);

  primary.kill();
  store::postgres::Connection(standby.url()).run("SELECT pg_promote()");
  const SteadyTime killed = steady_now();
  EXPECT_TRUE(fleet.run_until([&] { return fleet.all_served_since(killed); }, kPatience));
  EXPECT_TRUE(node.box().stop());
  const auto store = store::open_telemetry(store::parse_store_url(standby.url()), store::Durability::full);
  EXPECT_THAT(fleet.audit(*store), IsEmpty());
}

}  // namespace
}  // namespace v2x::app
