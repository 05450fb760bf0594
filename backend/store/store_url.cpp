#include "backend/store/store_url.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <sstream>

#include "common/bad_input.hpp"

namespace v2x::store {
namespace {

constexpr auto kSqliteScheme = "sqlite:";
constexpr auto kPostgresScheme = "postgresql://";
constexpr auto kClickhouseScheme = "clickhouse://";
constexpr auto kClickhousePassword = "CLICKHOUSE_PASSWORD";  // as PGPASSWORD: out of process lists
constexpr int kMostPort = 65535;

/// Scheme, hosts and database: neither credentials nor parameters, either of which may hold a password.
std::string without_secrets(const std::string& text) {
  const size_t begin = text.find("://");
  if (begin == std::string::npos) return text;
  const size_t at = text.rfind('@');
  const std::string rest = text.substr(at == std::string::npos ? begin + 3 : at + 1);
  return text.substr(0, begin + 3) + rest.substr(0, rest.find('?'));
}

[[noreturn]] void malformed(const std::string& text) {
  throw BadInput(
      fmt::format("store '{}': expected sqlite:FILE, postgresql://[USER[:PASSWORD]@]HOST[:PORT]/DATABASE or "
                  "clickhouse://[USER[:PASSWORD]@]HOST:PORT[,HOST:PORT…][/DATABASE]",
                  text.find("://") == std::string::npos ? text : without_secrets(text)));
}

/// libpq's own message about what is wrong with it could quote a password.
bool is_conninfo(const std::string& url) {
  PQconninfoOption* options = PQconninfoParse(url.c_str(), nullptr);
  PQconninfoFree(options);
  return options != nullptr;
}

std::optional<int> port_of(const std::string& text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port < 1 || port > kMostPort) return std::nullopt;
  return port;
}

/// Letters, digits and underscores: it is put into statements.
bool is_database_name(const std::string& text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

std::vector<clickhouse::Address> shards_of(const std::string& text) {
  std::string rest = text.substr(std::string(kClickhouseScheme).size());
  clickhouse::Address common;
  if (const size_t at = rest.rfind('@'); at != std::string::npos) {
    const std::string credentials = rest.substr(0, at);
    rest = rest.substr(at + 1);
    const size_t colon = credentials.find(':');
    common.user = credentials.substr(0, colon);
    if (colon != std::string::npos) common.password = credentials.substr(colon + 1);
  }
  if (const char* password = std::getenv(kClickhousePassword); password && common.password.empty())
    common.password = password;
  if (const size_t slash = rest.find('/'); slash != std::string::npos) {
    common.database = rest.substr(slash + 1);
    rest = rest.substr(0, slash);
  }
  if (!is_database_name(common.database)) malformed(text);
  std::vector<clickhouse::Address> shards;
  std::istringstream words(rest);
  for (std::string word; std::getline(words, word, ',');) {
    const size_t colon = word.rfind(':');
    const auto port = colon == std::string::npos ? std::nullopt : port_of(word.substr(colon + 1));
    if (!port || colon == 0) malformed(text);
    clickhouse::Address& shard = shards.emplace_back(common);
    shard.host = word.substr(0, colon);
    shard.port = *port;
  }
  if (shards.empty()) malformed(text);
  return shards;
}

}  // namespace

std::string StoreUrl::word() const {
  switch (kind) {
    case Kind::sqlite:
      return "sqlite";
    case Kind::postgresql:
      return "postgresql";
    case Kind::clickhouse:
      return "clickhouse";
  }
  return {};
}

StoreUrl parse_store_url(const std::string& text) {
  if (text.starts_with(kSqliteScheme) && text.size() > std::string(kSqliteScheme).size())
    return {StoreUrl::Kind::sqlite, text.substr(std::string(kSqliteScheme).size()), {}, text};
  if (text.starts_with(kPostgresScheme) && is_conninfo(text))
    return {StoreUrl::Kind::postgresql, text, {}, without_secrets(text)};
  if (text.starts_with(kClickhouseScheme))
    return {StoreUrl::Kind::clickhouse, text, shards_of(text), without_secrets(text)};
  malformed(text);
}

}  // namespace v2x::store
