#include "tests/paths.hpp"

namespace v2x {
namespace {

std::string below(std::string folder, std::string_view path) {
  return path.empty() ? folder : folder.append("/").append(path);
}

}  // namespace

std::string in_sources(std::string_view path) { return below(V2X_SOURCE_DIR, path); }

std::string in_programs(std::string_view name) { return below(V2X_BIN_DIR, name); }

}  // namespace v2x
