// Writes a report's file whole or not at all.
#pragma once

#include <filesystem>
#include <string>

#include "common/result.hpp"

namespace v2x::reports {

/// Replaces `path` by `text`; a reader sees the old file or the new one. Fails with "not_written".
Status write_file(const std::filesystem::path& path, const std::string& text);

}  // namespace v2x::reports
