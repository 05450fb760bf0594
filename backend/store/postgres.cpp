#include "backend/store/postgres.hpp"

#include <fmt/format.h>

#include <charconv>

#include "backend/service/registry.hpp"

namespace v2x::store::postgres {
namespace {

constexpr size_t kSendAt = 256 * 1024;
constexpr std::string_view kCopyHeader{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19};  // PostgreSQL's manual, COPY

[[noreturn]] void failed(const std::string& message) {
  throw service::StoreError("PostgreSQL: " + message.substr(0, message.find_last_not_of('\n') + 1));
}

}  // namespace

Parameter parameter(const std::vector<std::int64_t>& values) {
  return fmt::format("{{{}}}", fmt::join(values, ","));
}

Parameter parameter(const std::vector<std::string>& values) {
  std::string array = "{";
  for (const auto& value : values) {
    array += array.size() > 1 ? ",\"" : "\"";
    for (const char c : value) {
      if (c == '"' || c == '\\') array += '\\';
      array += c;
    }
    array += '"';
  }
  return array + "}";
}

std::int64_t Rows::number(int row, int column) const {
  std::int64_t value = 0;
  const auto text = view(row, column);
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<std::int64_t> Rows::maybe_number(int row, int column) const {
  if (is_null(row, column)) return std::nullopt;
  return number(row, column);
}

bool has_ended(PGconn* connection) {
  // The first takes in what the server said before it closed, the second finds the end.
  return PQconsumeInput(connection) == 0 || PQconsumeInput(connection) == 0;
}

PGconn* Connection::opened() {
  if (handle_ && (in_transaction_ || !has_ended(handle_.get()))) return handle_.get();
  prepared_.clear();
  handle_.reset(PQconnectdb(url_.c_str()));
  if (PQstatus(handle_.get()) != CONNECTION_OK) {
    const std::string message = PQerrorMessage(handle_.get());
    handle_.reset();
    failed(message);
  }
  PQsetNoticeProcessor(
      handle_.get(), [](void*, const char*) {}, nullptr);
  if (!on_open_.empty()) run(on_open_);
  return handle_.get();
}

void Connection::check_connection() {
  if (handle_ && PQstatus(handle_.get()) != CONNECTION_OK) handle_.reset();
}

Rows Connection::checked(PGresult* result, ExecStatusType expected) {
  Rows rows(result);
  const auto status = PQresultStatus(result);
  if (status == expected || (status == PGRES_TUPLES_OK && expected == PGRES_COMMAND_OK)) return rows;
  const std::string message = PQerrorMessage(handle_.get());
  if (!in_transaction_) check_connection();
  failed(message);
}

void Connection::run(const std::string& sql) {
  PGconn* handle = opened();
  checked(PQexec(handle, sql.c_str()), PGRES_COMMAND_OK);
}

Rows Connection::query_prepared(const char* sql, const std::vector<Parameter>& parameters) {
  PGconn* handle = opened();
  auto known = prepared_.find(sql);
  if (known == prepared_.end()) {
    const std::string name = fmt::format("s{}", prepared_.size());
    checked(PQprepare(handle, name.c_str(), sql, 0, nullptr), PGRES_COMMAND_OK);
    known = prepared_.emplace(sql, name).first;
  }
  std::vector<const char*> values;
  for (const auto& value : parameters) values.push_back(value ? value->c_str() : nullptr);
  return checked(PQexecPrepared(handle, known->second.c_str(), static_cast<int>(values.size()), values.data(), nullptr,
                                nullptr, 0),
                 PGRES_COMMAND_OK);
}

Begin::Begin(Connection& connection) : connection_(connection) {
  connection_.run("BEGIN");
  connection_.in_transaction_ = true;
}

Begin::~Begin() {
  if (!connection_.in_transaction_) return;
  connection_.in_transaction_ = false;
  PQclear(PQexec(connection_.handle_.get(), "ROLLBACK"));
  connection_.check_connection();
}

void Begin::commit() {
  connection_.run("COMMIT");
  connection_.in_transaction_ = false;
}

CopyIn::CopyIn(Connection& connection, const std::string& sql) : connection_(connection), buffer_(kCopyHeader) {
  connection_.checked(PQexec(connection_.opened(), sql.c_str()), PGRES_COPY_IN);
}

CopyIn::~CopyIn() {
  if (!open_) return;
  PQputCopyEnd(connection_.handle_.get(), "given up");
  PQclear(PQgetResult(connection_.handle_.get()));
}

void CopyIn::row(std::int16_t columns) {
  if (buffer_.size() > kSendAt) send();
  append(static_cast<std::uint16_t>(columns));
}

void CopyIn::bytes(std::string_view value) {
  append(static_cast<std::uint32_t>(value.size()));
  buffer_.append(value);
}

void CopyIn::send() {
  PGconn* handle = connection_.handle_.get();
  if (PQputCopyData(handle, buffer_.data(), static_cast<int>(buffer_.size())) != 1) failed(PQerrorMessage(handle));
  buffer_.clear();
}

void CopyIn::finish() {
  append(static_cast<std::uint16_t>(0xffff));
  send();
  PGconn* handle = connection_.handle_.get();
  if (PQputCopyEnd(handle, nullptr) != 1) failed(PQerrorMessage(handle));
  open_ = false;
  const Rows end = connection_.checked(PQgetResult(handle), PGRES_COMMAND_OK);
  while (PGresult* more = PQgetResult(handle)) PQclear(more);
}

}  // namespace v2x::store::postgres
