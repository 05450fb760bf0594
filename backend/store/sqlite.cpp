#include "backend/store/sqlite.hpp"

#include "backend/service/registry.hpp"

namespace v2x::store::sqlite {
namespace {

constexpr int kLockTimeoutMs = 10'000;  // another process may hold the write lock that long

[[noreturn]] void failed(sqlite3* handle) {
  throw service::StoreError(std::string("telemetry store: ") + sqlite3_errmsg(handle));
}

}  // namespace

Connection::Connection(const std::filesystem::path& file) {
  sqlite3* handle = nullptr;
  // Without SQLite's own locks, which each bound value would pay for.
  const int code =
      sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) failed(handle);
  sqlite3_busy_timeout(handle, kLockTimeoutMs);
}

void Connection::run(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) failed(handle_.get());
}

Statement::Statement(Connection& connection, const char* sql) {
  sqlite3_stmt* handle = nullptr;
  if (sqlite3_prepare_v3(connection.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, nullptr) != SQLITE_OK)
    failed(connection.handle());
  handle_.reset(handle);
}

bool Statement::step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  sqlite3_reset(handle_.get());
  if (code != SQLITE_DONE) failed(sqlite3_db_handle(handle_.get()));
  return false;
}

std::optional<std::int64_t> Statement::maybe_number(int column) const {
  // The value once, instead of the column twice: a year of half-hours has 140,000 of them.
  sqlite3_value* value = sqlite3_column_value(handle_.get(), column);
  if (sqlite3_value_type(value) == SQLITE_NULL) return std::nullopt;
  return sqlite3_value_int64(value);
}

std::string Statement::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_.get(), column));
  return {bytes == nullptr ? "" : bytes, static_cast<size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

void Statement::bind_one(int place, const std::string& value) {
  // Keys and packed values alike are bytes; as blobs they compare by memcmp.
  sqlite3_bind_blob64(handle_.get(), place, value.data(), value.size(), SQLITE_TRANSIENT);
}

}  // namespace v2x::store::sqlite
