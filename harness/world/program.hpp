// Where a program of the system is: in PATH, or where Debian puts servers.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace v2x::world {

/// Searched in PATH, then in the directories of servers, which a user's PATH lacks; of several versions the newest.
std::optional<std::filesystem::path> find_program(const std::string& name);

}  // namespace v2x::world
