// Keeps what the set-up of a world leaves behind, so that five scenarios of one world register its people once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "common/clock.hpp"
#include "harness/scenario/world_file.hpp"

namespace v2x::world {

/// Directories by key. Safe between threads and processes: an entry appears whole or not at all.
class StateCache {
 public:
  explicit StateCache(std::filesystem::path root) : root_(std::move(root)) {}
  /// $XDG_CACHE_HOME/v2x or ~/.cache/v2x; a temporary place when there is no home.
  static std::filesystem::path default_root();

  /// Same world files, same programs (size and time of change), same start and seed: same key.
  static std::string key(const scenario::World& world, const std::filesystem::path& programs, Time start,
                         std::uint64_t seed);

  /// Copies the entry to `directory`; false when there is none.
  bool fetch(const std::string& key, const std::filesystem::path& directory) const;
  /// Keeps a copy of `directory`. An entry that can't be written is not kept: the next run makes it again.
  void keep(const std::string& key, const std::filesystem::path& directory) const;

 private:
  std::filesystem::path root_;
};

}  // namespace v2x::world
