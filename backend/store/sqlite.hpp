// SQLite's C interface with owners: a connection, a prepared statement. Columns are numbered from 0.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/clock.hpp"

namespace v2x::store::sqlite {

/// Used by one thread at a time. Every failure throws service::StoreError.
class Connection {
 public:
  explicit Connection(const std::filesystem::path& file);
  void run(const char* sql);
  sqlite3* handle() const { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close(handle); }
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

/// Prepared once, run often: `statement.bind(…); while (statement.step()) …`. The next bind() starts over.
class Statement {
 public:
  Statement(Connection& connection, const char* sql);

  template <class... Values>
  Statement& bind(const Values&... values) {
    sqlite3_reset(handle_.get());
    int place = 0;
    (bind_one(++place, values), ...);
    return *this;
  }
  bool step();  ///< whether there is a row
  /// Runs to the end, without rows.
  void execute() {
    while (step()) {
    }
  }

  bool is_null(int column) const { return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL; }
  std::int64_t number(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  std::optional<std::int64_t> maybe_number(int column) const;
  Time time(int column) const { return Time(Duration(number(column))); }
  std::string text(int column) const;

 private:
  void bind_one(int place, std::int64_t value) { sqlite3_bind_int64(handle_.get(), place, value); }
  void bind_one(int place, std::uint64_t value) { bind_one(place, static_cast<std::int64_t>(value)); }
  void bind_one(int place, int value) { bind_one(place, static_cast<std::int64_t>(value)); }
  void bind_one(int place, bool value) { bind_one(place, static_cast<std::int64_t>(value)); }
  void bind_one(int place, Time value) { bind_one(place, static_cast<std::int64_t>(value.time_since_epoch().count())); }
  void bind_one(int place, Duration value) { bind_one(place, static_cast<std::int64_t>(value.count())); }
  void bind_one(int place, const std::string& value);  ///< copied
  void bind_one(int place, std::string_view value) {   ///< not copied: must stay until the statement has run
    sqlite3_bind_blob64(handle_.get(), place, value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_STATIC);
  }
  template <class T>
  void bind_one(int place, const std::optional<T>& value) {
    if (value) return bind_one(place, *value);
    sqlite3_bind_null(handle_.get(), place);
  }

  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

}  // namespace v2x::store::sqlite
