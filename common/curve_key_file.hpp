// Files with one CURVE key, as the factory and the service write them.
#pragma once

#include <filesystem>
#include <string>

#include "common/result.hpp"

namespace v2x {

/// The key (public or secret) that is the file's only word. Error "bad_key" says what is wrong with the file, and
/// never what is in it.
Result<std::string> read_curve_key(const std::filesystem::path& file);

}  // namespace v2x
