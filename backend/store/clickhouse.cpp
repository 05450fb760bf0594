#include "backend/store/clickhouse.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <charconv>

#include "backend/service/registry.hpp"

namespace v2x::store::clickhouse {
namespace {

constexpr int kConnectTimeoutS = 5;
constexpr int kAnswerTimeoutS = 60;    // a server with too many parts makes inserts wait
constexpr size_t kMessageBytes = 300;  // of an exception: what follows is a stack

std::string encoded(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)))
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace

void RowBinary::text(std::string_view value) {
  auto length = value.size();
  for (; length >= 0x80; length >>= 7) number8(static_cast<int>(length & 0x7f) | 0x80);
  number8(static_cast<int>(length));
  bytes_.append(value);
}

Row::Row(std::string_view line) {
  for (size_t at = 0; at <= line.size();) {
    const size_t end = std::min(line.find('\t', at), line.size());
    columns_.emplace_back(line.substr(at, end - at));
    at = end + 1;
  }
}

std::int64_t Row::number(size_t column) const {
  std::int64_t value = 0;
  const std::string& text = columns_.at(column);
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<std::int64_t> Row::maybe_number(size_t column) const {
  if (is_null(column)) return std::nullopt;
  return number(column);
}

Client::Client(Address address)
    : address_(std::move(address)),
      path_("/?database=" + encoded(address_.database)),
      client_(std::make_unique<httplib::Client>(address_.host, address_.port)) {
  client_->set_keep_alive(true);
  client_->set_tcp_nodelay(true);
  client_->set_connection_timeout(kConnectTimeoutS);
  client_->set_read_timeout(kAnswerTimeoutS);
  client_->set_write_timeout(kAnswerTimeoutS);
  if (!address_.user.empty()) client_->set_basic_auth(address_.user, address_.password);
}

Client::~Client() = default;

std::string Client::post(const std::string& target, const std::string& body) {
  auto answer = client_->Post(target, body, "application/octet-stream");
  // The server closes idle connections without a word; a repetition does no harm.
  if (!answer) answer = client_->Post(target, body, "application/octet-stream");
  const std::string server = fmt::format("ClickHouse {}:{}", address_.host, address_.port);
  if (!answer) throw service::StoreError(fmt::format("{}: {}", server, httplib::to_string(answer.error())));
  if (answer->status != 200)
    throw service::StoreError(
        fmt::format("{}: status {}, {}", server, answer->status, answer->body.substr(0, kMessageBytes)));
  return std::move(answer->body);
}

std::vector<Row> Client::query(const std::string& sql) {
  const std::string text = post(path_, sql + " FORMAT TabSeparated");
  std::vector<Row> rows;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    rows.emplace_back(std::string_view(text).substr(at, end - at));
    at = end + 1;
  }
  return rows;
}

void Client::run(const std::string& sql) {
  post(path_, sql);
}

void Client::insert(const std::string& table, const RowBinary& rows) {
  if (!rows.empty()) post(path_ + "&query=" + encoded("INSERT INTO " + table + " FORMAT RowBinary"), rows.bytes());
}

}  // namespace v2x::store::clickhouse
