// The tables of the SQLite telemetry store, as numbered layouts: an older file is brought up to date when it is opened.
#pragma once

#include "backend/store/sqlite.hpp"

namespace v2x::store {

/// Makes or migrates the tables, in one transaction. Throws service::StoreError; also when a newer program made the
/// file.
void migrate_telemetry(sqlite::Connection& connection);

}  // namespace v2x::store
