// Database servers: each kind starts, survives being killed, stops, and leaves nothing.
#include "harness/world/database_server.hpp"

#include <gmock/gmock.h>
#include <httplib.h>

#include "harness/world/program.hpp"
#include "tests/need_server.hpp"

namespace v2x::world {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class DatabaseServers : public testing::TestWithParam<ServerKind> {};

TEST_P(DatabaseServers, StartAgainAfterBeingKilledAndLeaveNothing) {
  V2X_NEED_SERVER(GetParam());
  fs::path directory;
  {
    DatabaseServer server(GetParam());
    directory = server.directory();
    const Status started = server.start();
    ASSERT_TRUE(started) << started.error().message;
    EXPECT_FALSE(port_is_free(server.port()));
    server.kill();
    const Status again = server.start();
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_FALSE(port_is_free(server.port()));
    const Status stopped = server.stop();
    EXPECT_TRUE(stopped) << stopped.error().message;
    EXPECT_TRUE(fs::exists(directory));
  }
  EXPECT_FALSE(fs::exists(directory));
}

INSTANTIATE_TEST_SUITE_P(All, DatabaseServers,
                         testing::Values(ServerKind::postgresql, ServerKind::clickhouse, ServerKind::victoriametrics,
                                         ServerKind::influxdb),
                         [](const auto& tested) { return to_string(tested.param); });

TEST(DatabaseServer, KeepsItsDataWhenKilled) {
  V2X_NEED_SERVER(ServerKind::clickhouse);
  DatabaseServer server(ServerKind::clickhouse);
  ASSERT_TRUE(server.start());
  httplib::Client client("127.0.0.1", server.port());
  ASSERT_EQ(client.Post("/", "CREATE TABLE t (n UInt8) ENGINE = MergeTree ORDER BY n", "text/plain")->status, 200);
  ASSERT_EQ(client.Post("/", "INSERT INTO t VALUES (42)", "text/plain")->status, 200);
  server.kill();
  ASSERT_TRUE(server.start());
  EXPECT_EQ(client.Post("/", "SELECT n FROM t", "text/plain")->body, "42\n");
}

TEST(DatabaseServer, SaysWhyItDoesNotStart) {
  V2X_NEED_SERVER(ServerKind::postgresql);
  DatabaseServer server(ServerKind::postgresql, {"-c", "no_such_setting=1"});
  const Status started = server.start();
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message, HasSubstr("no_such_setting"));
}

TEST(Program, IsFoundInPathAndWhereServersAre) {
  EXPECT_EQ(find_program("v2x-no-such-program"), std::nullopt);
  EXPECT_TRUE(find_program("sh"));
}

}  // namespace
}  // namespace v2x::world
