#include "backend/web/security_headers.hpp"

#include <string_view>

namespace v2x::web {
namespace {

constexpr std::string_view kContentSecurity =
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri "
    "'none'; "
    "form-action 'self'; frame-ancestors 'none'";
constexpr std::string_view kOneYear = "max-age=31536000";

}  // namespace

void add_security_headers(Response& response, const AnswerFacts& facts) {
  response.headers.emplace_back("Content-Security-Policy", kContentSecurity);
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  response.headers.emplace_back("Cache-Control", facts.is_static ? "max-age=300" : "no-store");
  if (facts.https) response.headers.emplace_back("Strict-Transport-Security", kOneYear);
}

}  // namespace v2x::web
