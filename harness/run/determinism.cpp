#include "harness/run/determinism.hpp"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace v2x::run {
namespace {

using nlohmann::json;

constexpr size_t kShown = 300;  // bytes of a line in the sentence

/// The line as it is compared: the head without the pass's name.
std::string comparable(const std::string& line) {
  if (line.find("\"type\":\"scenario\"") == std::string::npos) return line;
  json head = json::parse(line, nullptr, false);
  if (head.is_object()) head.erase("name");
  return head.dump();
}

bool is_verdict(const std::string& line) {
  return line.find("\"type\":\"verdict\"") != std::string::npos;
}

std::string clipped(const std::string& line) {
  return line.size() <= kShown ? line : line.substr(0, kShown) + "…";
}

}  // namespace

std::optional<std::string> first_difference(const std::filesystem::path& first, const std::filesystem::path& second) {
  std::ifstream a(first);
  std::ifstream b(second);
  std::string line_a;
  std::string line_b;
  for (int number = 1;; ++number) {
    bool has_a = static_cast<bool>(std::getline(a, line_a));
    bool has_b = static_cast<bool>(std::getline(b, line_b));
    if (has_a && is_verdict(line_a)) has_a = false;
    if (has_b && is_verdict(line_b)) has_b = false;
    if (!has_a && !has_b) return std::nullopt;
    if (has_a && has_b && comparable(line_a) == comparable(line_b)) continue;
    return fmt::format("line {} differs: first 「{}」, second 「{}」", number, has_a ? clipped(line_a) : "nothing",
                       has_b ? clipped(line_b) : "nothing");
  }
}

}  // namespace v2x::run
