// What v2x-backend takes on its command line, and the one line that says what it doesn't.
#include "backend/app/options.hpp"

#include <gmock/gmock.h>

#include "common/bad_input.hpp"

namespace v2x::app {
namespace {

using ::testing::HasSubstr;

struct Refused {
  std::string name;
  void (*change)(BackendOptions&);
  std::string says;
};

class RefusedOptions : public ::testing::TestWithParam<Refused> {};

TEST_P(RefusedOptions, SayWhatWasExpected) {
  BackendOptions options;
  try {
    GetParam().change(options);
    check(options);
    FAIL() << "was taken";
  } catch (const BadInput& error) {
    EXPECT_THAT(error.what(), HasSubstr(GetParam().says));
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos);
  }
}

constexpr auto kTwoServers = [](BackendOptions& options) {
  options.registry = "postgresql://u:secret@db/v2x";
  options.telemetry = "clickhouse://u:secret@a:8123,b:8123/v2x";
};

INSTANTIATE_TEST_SUITE_P(
    All, RefusedOptions,
    ::testing::Values(Refused{"unknown_role", [](auto& o) { o.roles = parse_roles("ingest,wep"); },
                              "--roles: 'wep' is no role, expected some of ingest,web,mail,timers"},
                      Refused{"no_role", [](auto& o) { o.roles = parse_roles(""); }, "--roles: none given"},
                      Refused{"registry_on_clickhouse", [](auto& o) { o.registry = "clickhouse://u:secret@a:8123"; },
                              "--registry clickhouse://a:8123: expected sqlite, sqlite:FILE or postgresql://…"},
                      Refused{"no_store", [](auto& o) { o.telemetry = "mysql://a"; },
                              "--telemetry: store 'mysql://a': expected"},
                      Refused{"no_port", [](auto& o) { o.telemetry = "clickhouse://u:secret@a"; },
                              "--telemetry: store 'clickhouse://a': expected"},
                      Refused{"roles_on_a_file", [](auto& o) { o.roles = {Role::web}; },
                              "--roles web: processes share no SQLite file, expected --registry postgresql://…"},
                      Refused{"roles_with_telemetry_in_a_file",
                              [](auto& o) {
                                kTwoServers(o);
                                o.telemetry = "sqlite:t.db";
                                o.roles = {Role::ingest};
                              },
                              "--roles ingest: processes share no SQLite file, expected --telemetry"},
                      Refused{"silence_of_two_reports", [](auto& o) { o.offline_after_min = 2; },
                              "--offline-after-min 2: expected at least 3, three report intervals"},
                      Refused{"roles_in_lockstep",
                              [](auto& o) {
                                kTwoServers(o);
                                o.roles = {Role::ingest, Role::web};
                                o.stepped = true;
                                o.control = "ipc:///tmp/c";
                                o.clock.start = "2026-04-01";
                              },
                              "--roles ingest,web: expected all of them with --clock stepped"}),
    [](const auto& tested) { return tested.param.name; });

TEST(BackendOptions, StoresAndRolesAreTaken) {
  BackendOptions options;
  EXPECT_NO_THROW(check(options));
  EXPECT_EQ(options.registry_url().target, "./var/registry.db");
  EXPECT_EQ(options.telemetry_url().target, "./var/telemetry.db");
  EXPECT_FALSE(options.shares_registry());
  kTwoServers(options);
  options.roles = parse_roles("mail,ingest");
  EXPECT_NO_THROW(check(options));
  EXPECT_TRUE(options.shares_registry());
  EXPECT_EQ(options.telemetry_url().shards.size(), 2u);
  EXPECT_EQ(to_string(options.roles), "ingest,mail");
}

}  // namespace
}  // namespace v2x::app
