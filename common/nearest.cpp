#include "common/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace v2x {
namespace {

/// Levenshtein distance, one row at a time.
size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0]++;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j + 1] + 1, row[j] + 1, substituted});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  const auto closer = [&](const auto& a, const auto& b) { return distance(word, a) < distance(word, b); };
  const auto found = std::min_element(candidates.begin(), candidates.end(), closer);
  return found == candidates.end() ? std::string() : *found;
}

std::string unknown_word(std::string_view word, std::string_view is_no, const std::vector<std::string>& candidates) {
  const std::string near = nearest(word, candidates);
  if (near.empty()) return fmt::format("'{}' is no {}", word, is_no);
  return fmt::format("'{}' is no {}, nearest: '{}'", word, is_no, near);
}

}  // namespace v2x
