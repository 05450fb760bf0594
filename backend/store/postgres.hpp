// PostgreSQL's C interface with owners: a connection, the rows of a query, a binary COPY. Columns are numbered from 0.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend/store/hex.hpp"
#include "common/clock.hpp"

namespace v2x::store::postgres {

/// A bound parameter, in PostgreSQL's text format.
using Parameter = std::optional<std::string>;

inline Parameter parameter(std::int64_t value) {
  return std::to_string(value);
}
inline Parameter parameter(std::uint64_t value) {
  return std::to_string(value);
}
inline Parameter parameter(int value) {
  return std::to_string(value);
}
inline Parameter parameter(Time value) {
  return std::to_string(value.time_since_epoch().count());
}
inline Parameter parameter(Duration value) {
  return std::to_string(value.count());
}
inline Parameter parameter(bool value) {
  return value ? "t" : "f";
}
inline Parameter parameter(const std::string& text) {
  return text;
}
Parameter parameter(const std::vector<std::int64_t>& values);  ///< an array of numbers
Parameter parameter(const std::vector<std::string>& values);   ///< an array of texts
template <class T>
Parameter parameter(const std::optional<T>& value) {
  return value ? parameter(*value) : std::nullopt;
}

/// BYTEA as text, and back.
inline std::string to_bytea(std::string_view bytes) {
  return "\\x" + hex_of_bytes(bytes);
}
inline std::string from_bytea(std::string_view text) {
  return bytes_of_hex(text.substr(2));
}

/// Whether the server has closed it, as one that was killed and is back again. Asks nobody, waits for nothing.
bool has_ended(PGconn* connection);

class Rows {
 public:
  explicit Rows(PGresult* result) : result_(result, PQclear) {}
  int size() const { return PQntuples(result_.get()); }
  bool is_null(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }
  std::string text(int row, int column) const { return std::string(view(row, column)); }
  std::string bytes(int row, int column) const { return from_bytea(view(row, column)); }
  std::int64_t number(int row, int column) const;
  bool truth(int row, int column) const { return view(row, column) == "t"; }
  std::optional<std::int64_t> maybe_number(int row, int column) const;
  Time time(int row, int column) const { return Time(Duration(number(row, column))); }

 private:
  std::string_view view(int row, int column) const {
    return {PQgetvalue(result_.get(), row, column), static_cast<size_t>(PQgetlength(result_.get(), row, column))};
  }
  std::unique_ptr<PGresult, void (*)(PGresult*)> result_;
};

/// Used by one thread at a time. Every failure throws service::StoreError; a connection that the server has closed
/// since is opened again by the next statement outside of a transaction.
class Connection {
 public:
  /// Opens nothing yet. `on_open`: statements that every new connection begins with.
  explicit Connection(std::string url, std::string on_open = {}) : url_(std::move(url)), on_open_(std::move(on_open)) {}

  /// Statements without parameters and rows; several are separated by semicolons.
  void run(const std::string& sql);
  /// Prepared at its first use: `sql` must be a literal.
  template <class... Values>
  Rows query(const char* sql, const Values&... values) {
    return query_prepared(sql, {parameter(values)...});
  }

 private:
  friend class CopyIn;
  friend class Begin;

  PGconn* opened();
  Rows query_prepared(const char* sql, const std::vector<Parameter>& parameters);
  Rows checked(PGresult* result, ExecStatusType expected);
  void check_connection();

  const std::string url_;
  const std::string on_open_;
  std::unique_ptr<PGconn, void (*)(PGconn*)> handle_{nullptr, PQfinish};
  std::map<const char*, std::string> prepared_;  ///< names, by the literal
  bool in_transaction_ = false;
};

/// Rolls back what was begun but not committed.
class Begin {
 public:
  explicit Begin(Connection& connection);
  ~Begin();
  void commit();
  Begin(const Begin&) = delete;
  Begin& operator=(const Begin&) = delete;

 private:
  Connection& connection_;
};

/// COPY … FROM STDIN (FORMAT binary): `row(n)`, then n values, again and again; then finish(). The server works on the
/// first rows while the next are written.
class CopyIn {
 public:
  CopyIn(Connection& connection, const std::string& sql);
  /// Without finish(), what was copied is forgotten.
  ~CopyIn();
  CopyIn(const CopyIn&) = delete;
  CopyIn& operator=(const CopyIn&) = delete;

  void row(std::int16_t columns);
  void int2(int value) { sized(static_cast<std::uint16_t>(value)); }
  void int4(std::int64_t value) { sized(static_cast<std::uint32_t>(value)); }
  void int8(std::int64_t value) { sized(static_cast<std::uint64_t>(value)); }
  void truth(bool value) { sized(static_cast<std::uint8_t>(value)); }
  void bytes(std::string_view value);
  void null() { append(~std::uint32_t{0}); }
  void finish();

 private:
  template <class Unsigned>
  void append(Unsigned value) {  // most significant byte first
    char out[sizeof value];
    for (size_t i = sizeof value; i-- > 0; value = static_cast<Unsigned>(value >> (sizeof value > 1 ? 8 : 0)))
      out[i] = static_cast<char>(value & 0xff);
    buffer_.append(out, sizeof out);
  }
  template <class Unsigned>
  void sized(Unsigned value) {
    append(static_cast<std::uint32_t>(sizeof value));
    append(value);
  }
  void send();

  Connection& connection_;
  std::string buffer_;
  bool open_ = true;
};

}  // namespace v2x::store::postgres
