#include "harness/run/mask.hpp"

#include <cctype>
#include <string_view>

namespace v2x::run {
namespace {

constexpr size_t kTokenLength = 43;  // 256 bit in base64url: service.md SEC-02

bool is_token_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

size_t run_of(const std::string& text, size_t from, bool (*belongs)(char)) {
  size_t end = from;
  while (end < text.size() && belongs(text[end])) ++end;
  return end - from;
}

/// Length of "127.0.0.1:12345" or "localhost:12345" at `at`; 0 when there is none.
size_t host_length(const std::string& text, size_t at) {
  for (const std::string_view host : {"127.0.0.1:", "localhost:"}) {
    if (text.compare(at, host.size(), host) != 0) continue;
    const size_t digits = run_of(text, at + host.size(), is_digit);
    if (digits > 0) return host.size() + digits;
  }
  return 0;
}

/// Where the value of a hidden _csrf field begins, when `at` stands at its name; 0 otherwise.
size_t csrf_value(const std::string& text, size_t at) {
  constexpr std::string_view kName = "name=\"_csrf\" value=\"";
  return text.compare(at, kName.size(), kName) == 0 ? at + kName.size() : 0;
}

}  // namespace

std::string mask(const std::string& text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    if (const size_t value = csrf_value(text, at)) {
      out.append(text, at, value - at).append("‹csrf›");
      at = std::min(text.find('"', value), text.size());
    } else if (const size_t host = host_length(text, at)) {
      out += "‹host›";
      at += host;
    } else if (const size_t run = run_of(text, at, is_token_character)) {
      out += run == kTokenLength ? "‹token›" : text.substr(at, run);
      at += run;
    } else {
      out += text[at++];
    }
  }
  return out;
}

void mask(nlohmann::json& json) {
  if (json.is_string()) json = mask(json.get<std::string>());
  if (json.is_structured())
    for (auto& item : json) mask(item);
}

}  // namespace v2x::run
