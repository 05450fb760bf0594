// ClickHouse over its HTTP interface: one server, queries as text, rows in as RowBinary.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend/store/hex.hpp"
#include "common/clock.hpp"

namespace httplib {
class Client;
}

namespace v2x::store::clickhouse {

struct Address {
  std::string host = "127.0.0.1";
  int port = 8123;
  std::string user{};  ///< empty = ClickHouse's "default"
  std::string password{};
  std::string database = "default";
};

/// The server has no bound parameters: values go in as numbers, or as hexadecimal digits that no quote can leave.
inline std::string literal(std::string_view text) {
  return "unhex('" + hex_of_bytes(text) + "')";
}
inline std::int64_t literal(Time t) {
  return t.time_since_epoch().count();
}

/// Rows as RowBinary, for one INSERT.
class RowBinary {
 public:
  void number8(int value) { bytes_.push_back(static_cast<char>(value)); }
  void number16(int value) { append(static_cast<std::uint16_t>(value)); }
  void number32(std::int64_t value) { append(static_cast<std::uint32_t>(value)); }
  void number64(std::int64_t value) { append(static_cast<std::uint64_t>(value)); }
  void number64(std::uint64_t value) { append(value); }
  void text(std::string_view value);
  void fixed(std::string_view value) { bytes_.append(value); }  ///< of a FixedString's length
  void null() { number8(1); }
  /// Before a value of a Nullable column.
  void present() { number8(0); }

  bool empty() const { return bytes_.empty(); }
  const std::string& bytes() const { return bytes_; }

 private:
  template <class Unsigned>
  void append(Unsigned value) {  // least significant byte first
    char out[sizeof value];
    for (char& byte : out) {
      byte = static_cast<char>(value & 0xff);
      value = static_cast<Unsigned>(value >> 8);
    }
    bytes_.append(out, sizeof out);
  }
  std::string bytes_;
};

/// A row of a result, columns as text.
class Row {
 public:
  explicit Row(std::string_view line);
  bool is_null(size_t column) const { return columns_.at(column) == "\\N"; }
  const std::string& text(size_t column) const { return columns_.at(column); }
  std::string bytes(size_t column) const { return bytes_of_hex(columns_.at(column)); }  ///< of a hex(…)
  std::int64_t number(size_t column) const;
  std::uint64_t count(size_t column) const { return static_cast<std::uint64_t>(number(column)); }
  std::optional<std::int64_t> maybe_number(size_t column) const;
  Time time(size_t column) const { return Time(Duration(number(column))); }

 private:
  std::vector<std::string> columns_;
};

/// Used by one thread at a time. Every failure throws service::StoreError, which names the server but no password.
class Client {
 public:
  explicit Client(Address address);
  ~Client();

  /// Texts must come as hex(…): nothing is unescaped.
  std::vector<Row> query(const std::string& sql);
  void run(const std::string& sql);
  /// Nothing when `rows` has none. Its outcome may be unknown when it throws: a repetition must do no harm.
  void insert(const std::string& table, const RowBinary& rows);

 private:
  std::string post(const std::string& target, const std::string& body);

  const Address address_;
  const std::string path_;
  std::unique_ptr<httplib::Client> client_;
};

}  // namespace v2x::store::clickhouse
