#include "backend/web/path_pattern.hpp"

#include <algorithm>
#include <string>

namespace v2x::web {
namespace {

std::string_view take_segment(std::string_view& path) {
  const size_t end = std::min(path.find('/', 1), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

}  // namespace

std::optional<service::Form> match_path(std::string_view pattern, std::string_view path) {
  service::Form parts;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = take_segment(pattern), given = take_segment(path);
    if (wanted.starts_with("/{") && wanted.ends_with("}")) {
      if (given.size() < 2) return std::nullopt;
      parts[std::string(wanted.substr(2, wanted.size() - 3))] = std::string(given.substr(1));
    } else if (wanted != given) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return parts;
}

}  // namespace v2x::web
