// Where a store is: sqlite:FILE, postgresql://…, clickhouse://….
#pragma once

#include <string>
#include <vector>

#include "backend/store/clickhouse.hpp"

namespace v2x::store {

/// What --registry and --telemetry take. It may hold a password: only `shown` belongs into messages.
struct StoreUrl {
  enum class Kind { sqlite, postgresql, clickhouse };

  Kind kind = Kind::sqlite;
  std::string target;                       ///< sqlite: the file; postgresql: the whole URL, as libpq reads it
  std::vector<clickhouse::Address> shards;  ///< clickhouse: one for each host:port
  std::string shown;                        ///< without a password

  std::string word() const;  ///< sqlite, postgresql, clickhouse
};

/// sqlite:FILE | postgresql://[USER[:PASSWORD]@]HOST[:PORT]/DATABASE[?…] |
/// clickhouse://[USER[:PASSWORD]@]HOST:PORT[,HOST:PORT…][/DATABASE]. Throws BadInput otherwise.
StoreUrl parse_store_url(const std::string& text);

}  // namespace v2x::store
