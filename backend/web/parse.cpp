#include "backend/web/parse.hpp"

#include <algorithm>
#include <optional>

#include "backend/service/text_rules.hpp"

namespace v2x::web {
namespace {

constexpr size_t kMostFields = 100;  // SEC-11

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  if (!service::is_utf8(out) || out.find('\0') != std::string::npos) return std::nullopt;
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (size_t from = 0; from <= text.size();) {
    const size_t to = std::min(text.find(separator, from), text.size());
    if (to > from) parts.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return parts;
}

}  // namespace

Result<service::Form> parse_form(std::string_view text) {
  service::Form form;
  for (const auto part : split(text, '&')) {
    const size_t equals = std::min(part.find('='), part.size());
    const auto name = decoded(part.substr(0, equals));
    const auto value = decoded(equals < part.size() ? part.substr(equals + 1) : std::string_view());
    if (!name || !value) return fail("bad_encoding", "a field is not percent-encoded UTF-8");
    if (!form.emplace(*name, *value).second) return fail("repeated", "a field is given twice");
    if (form.size() > kMostFields) return fail("too_many", "more fields than any page has");
  }
  return form;
}

std::map<std::string, std::string> parse_cookies(std::string_view header) {
  std::map<std::string, std::string> cookies;
  for (const auto part : split(header, ';')) {
    const std::string cookie = service::trimmed(part);
    const size_t equals = cookie.find('=');
    if (equals != std::string::npos) cookies.emplace(cookie.substr(0, equals), cookie.substr(equals + 1));
  }
  return cookies;
}

std::string encode_query_value(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || c == '.' || c == '~' || c == '/';
    const auto byte = static_cast<unsigned char>(c);
    if (plain)
      out += c;
    else
      (out += '%', out += kHex[byte / 16], out += kHex[byte % 16]);
  }
  return out;
}

std::string client_address(const std::string& peer, std::string_view forwarded_for,
                           const std::vector<std::string>& trusted_proxies) {
  const auto trusted = [&](const std::string& address) {
    return std::find(trusted_proxies.begin(), trusted_proxies.end(), address) != trusted_proxies.end();
  };
  auto hops = split(forwarded_for, ',');
  std::string nearest = peer;
  while (trusted(nearest) && !hops.empty()) {
    nearest = service::trimmed(hops.back());
    hops.pop_back();
  }
  return nearest;
}

}  // namespace v2x::web
