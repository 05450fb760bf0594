// What a PostgreSQL that was killed and is back leaves behind: connections that have ended.
#pragma once

#include <string>

#include "backend/store/postgres.hpp"

namespace v2x::test {

/// All to the database of `url`; they are gone afterwards (pg_terminate_backend waits for that).
inline void end_all_connections(const std::string& url) {
  store::postgres::Connection(url).query(
      "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
      "datname = current_database() AND backend_type = 'client backend'");
}

}  // namespace v2x::test
