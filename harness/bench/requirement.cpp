#include "harness/bench/requirement.hpp"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "common/bad_input.hpp"

namespace v2x::bench {
namespace {

/// Ratios are a list whose entries are named by "against".
const nlohmann::json* find(const nlohmann::json& facts, const std::string& path) {
  const nlohmann::json* at = &facts;
  std::istringstream words(path);
  for (std::string word; std::getline(words, word, '.');) {
    const nlohmann::json* next = nullptr;
    if (at->is_object() && at->contains(word)) next = &at->at(word);
    if (at->is_array())
      for (const auto& entry : *at)
        if (entry.value("against", "") == word) next = &entry.at("ratio");
    if (!next) return nullptr;
    at = next;
  }
  return at;
}

}  // namespace

Requirement parse_requirement(const std::string& text) {
  const auto refuse = [&] {
    throw BadInput(fmt::format("--require: '{}', expected like achieved_per_s>=5000 or ack_ms.p99_9<=50", text));
  };
  const std::size_t at = text.find_first_of("<>");
  if (at == std::string::npos || at == 0 || text.compare(at + 1, 1, "=") != 0) refuse();
  Requirement requirement{text.substr(0, at), text[at] == '>', 0, text};
  const char* const begin = text.data() + at + 2;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(begin, end, requirement.limit);
  if (error != std::errc() || rest != end) refuse();
  return requirement;
}

std::string Requirement::miss(const nlohmann::json& facts) const {
  const nlohmann::json* const fact = find(facts, path);
  if (!fact || !fact->is_number()) return fmt::format("{}: was not measured", path);
  const double value = fact->get<double>();
  if (at_least ? value >= limit : value <= limit) return "";
  return fmt::format("{} is {:.4g}, required {} {:g}", path, value, at_least ? "at least" : "at most", limit);
}

}  // namespace v2x::bench
