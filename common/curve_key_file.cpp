#include "common/curve_key_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "common/messaging.hpp"

namespace v2x {

Result<std::string> read_curve_key(const std::filesystem::path& file) {
  constexpr const char* kExpected = "expected 40 characters of Z85";
  std::ifstream in(file);
  if (!in) return fail("bad_key", fmt::format("{}: {}, {}", file.string(), std::strerror(errno), kExpected));
  std::string key;
  std::string more;
  if (!std::filesystem::is_regular_file(file))
    return fail("bad_key", fmt::format("{}: is no file, {}", file.string(), kExpected));
  if (!(in >> key)) return fail("bad_key", fmt::format("{}: is empty, {}", file.string(), kExpected));
  if (in >> more || !is_curve_key(key))
    return fail("bad_key", fmt::format("{}:1:1: no CURVE key, {} and nothing else", file.string(), kExpected));
  return key;
}

}  // namespace v2x
