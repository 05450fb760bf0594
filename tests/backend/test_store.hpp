// Where a test keeps its store: in its scratch directory, or on the server beside which it runs
// (tests/with_server.cpp).
#pragma once

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string>

#include "backend/store/clickhouse.hpp"
#include "backend/store/postgres.hpp"
#include "backend/store/store_url.hpp"
#include "common/scratch_directory.hpp"

namespace v2x::test {

/// The address of the server; empty when there is none.
inline std::string server_of_tests() {
  const char* url = std::getenv("V2X_TEST_STORE");
  return url ? url : "";
}

/// A name that no other test has: of a schema, of a database.
inline std::string name_of(const ScratchDirectory& scratch) {
  std::string name = "t_";
  for (const unsigned char c : scratch.path().filename().string())
    name += std::isupper(c) ? std::string{'u', static_cast<char>(std::tolower(c))} : std::string(1, c == '-' ? '_' : c);
  return name;
}

/// The same for every call with one scratch directory.
inline std::string postgres_url(const ScratchDirectory& scratch) {
  const std::string server = server_of_tests(), schema = name_of(scratch);
  store::postgres::Connection(server).run("CREATE SCHEMA IF NOT EXISTS " + schema);
  return server + "?options=-csearch_path%3D" + schema;
}

/// What --registry is told: a file, or a schema on PostgreSQL.
inline std::string registry_url(const ScratchDirectory& scratch) {
  if (server_of_tests().starts_with("postgresql://")) return postgres_url(scratch);
  return "sqlite:" + (scratch.path() / "registry.db").string();
}

/// What --telemetry is told.
inline std::string telemetry_url(const ScratchDirectory& scratch) {
  const std::string server = server_of_tests();
  if (server.starts_with("postgresql://")) return postgres_url(scratch);
  if (server.starts_with("clickhouse://")) return server + "/" + name_of(scratch);
  return "sqlite:" + (scratch.path() / "telemetry.db").string();
}

}  // namespace v2x::test
