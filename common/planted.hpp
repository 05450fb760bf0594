// Planted defects: mistakes on purpose, by which the checks are checked. None is compiled into what is shipped.
#pragma once

#include <cstdlib>
#include <string_view>

namespace v2x {

/// Whether this mistake shall be made: in builds with -DV2X_DEFECTS=ON, when the environment variable V2X_DEFECT names
/// it. Whoever asks is listed by v2x_planted() in its CMakeLists.txt; tests/defects.txt says what must find it.
#ifdef V2X_DEFECTS
inline bool planted(std::string_view defect) {
  const char* name = std::getenv("V2X_DEFECT");
  return name != nullptr && defect == name;
}
#else
constexpr bool planted(std::string_view) {
  return false;
}
#endif

}  // namespace v2x
