// Compares the records of two passes of one scenario.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace v2x::run {

/// Names the first line of `second` that differs from `first`, with both; nullopt when all lines of `second` are the
/// same bytes, and `first` has nothing more than its verdict. The passes' names ("~2") don't count.
std::optional<std::string> first_difference(const std::filesystem::path& first, const std::filesystem::path& second);

}  // namespace v2x::run
