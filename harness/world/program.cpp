#include "harness/world/program.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <sstream>
#include <vector>

namespace v2x::world {
namespace {

namespace fs = std::filesystem;

const fs::path kPostgresVersions = "/usr/lib/postgresql";  // Debian: …/15/bin

std::vector<fs::path> folders_of_path() {
  const char* path = std::getenv("PATH");
  std::istringstream words(path ? path : "");
  std::vector<fs::path> folders;
  for (std::string folder; std::getline(words, folder, ':');) folders.emplace_back(folder);
  return folders;
}

std::vector<fs::path> folders_of_servers() {
  std::vector<fs::path> folders;
  std::error_code absent;
  for (const auto& version : fs::directory_iterator(kPostgresVersions, absent))
    folders.push_back(version.path() / "bin");
  std::sort(folders.begin(), folders.end(), std::greater<>());
  folders.emplace_back("/usr/sbin");
  return folders;
}

}  // namespace

std::optional<fs::path> find_program(const std::string& name) {
  auto folders = folders_of_path();
  for (auto& folder : folders_of_servers()) folders.push_back(std::move(folder));
  for (const auto& folder : folders)
    if (access((folder / name).c_str(), X_OK) == 0) return folder / name;
  return std::nullopt;
}

}  // namespace v2x::world
