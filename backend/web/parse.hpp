// Queries, form bodies, cookies and client addresses: text from outside, taken apart strictly.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "backend/service/form.hpp"
#include "common/result.hpp"

namespace v2x::web {

/// application/x-www-form-urlencoded. Refused: a repeated name, a bad %-escape, no UTF-8, NUL, more than 100 fields
/// (SEC-11).
Result<service::Form> parse_form(std::string_view text);
std::map<std::string, std::string> parse_cookies(std::string_view header);
/// Percent-encodes everything but letters, digits and "-_.~/".
std::string encode_query_value(std::string_view text);
/// The nearest address that no trusted proxy added: from X-Forwarded-For when the peer is one, else the peer's own.
std::string client_address(const std::string& peer, std::string_view forwarded_for,
                           const std::vector<std::string>& trusted_proxies);

}  // namespace v2x::web
