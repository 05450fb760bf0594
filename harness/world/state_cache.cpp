#include "harness/world/state_cache.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

namespace v2x::world {
namespace {

namespace fs = std::filesystem;
constexpr size_t kMaxEntries = 32;  // default: a few worlds and builds; the oldest go first

/// FNV-1a, 64 bit: names an entry, protects nothing.
std::uint64_t hash(const std::string& text) {
  std::uint64_t value = 14695981039346656037ULL;
  for (const unsigned char c : text) value = (value ^ c) * 1099511628211ULL;
  return value;
}

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string stamp(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  const auto time = fs::last_write_time(file, error);
  return fmt::format("{} {} {}\n", file.string(), size, time.time_since_epoch().count());
}

void drop_oldest(const fs::path& root) {
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(root))
    if (entry.is_directory()) entries.push_back(entry.path());  // files there are a bench's, and dear
  const auto older = [](const fs::path& a, const fs::path& b) {
    return fs::last_write_time(a) < fs::last_write_time(b);
  };
  std::sort(entries.begin(), entries.end(), older);
  for (size_t i = 0; i + kMaxEntries < entries.size(); ++i) fs::remove_all(entries[i]);
}

}  // namespace

fs::path StateCache::default_root() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache && *cache) return fs::path(cache) / "v2x";
  if (const char* home = std::getenv("HOME"); home && *home) return fs::path(home) / ".cache" / "v2x";
  return fs::temp_directory_path() / fmt::format("v2x-cache-{}", getuid());
}

std::string StateCache::key(const scenario::World& world, const fs::path& programs, Time start, std::uint64_t seed) {
  std::string facts = fmt::format("{} {}\n", start.time_since_epoch().count(), seed);
  for (const fs::path& source : world.sources) facts += content(source);
  for (const char* program : {"v2x", "v2x-backend", "v2x-sim"}) facts += stamp(programs / program);
  return fmt::format("{}-{:016x}", world.name, hash(facts));
}

bool StateCache::fetch(const std::string& key, const fs::path& directory) const {
  std::error_code error;
  if (!fs::exists(root_ / key, error)) return false;
  fs::remove_all(directory, error);
  fs::copy(root_ / key, directory, fs::copy_options::recursive, error);
  return !error;
}

void StateCache::keep(const std::string& key, const fs::path& directory) const {
  try {
    fs::create_directories(root_);
    fs::permissions(root_, fs::perms::owner_all);
    const auto thread = std::hash<std::thread::id>()(std::this_thread::get_id());
    const fs::path draft = root_ / fmt::format("{}.{}.{}", key, getpid(), thread);
    fs::copy(directory, draft, fs::copy_options::recursive);
    std::error_code taken;
    fs::rename(draft, root_ / key, taken);  // fails when another thread was first
    if (taken) fs::remove_all(draft);
    drop_oldest(root_);
  } catch (const fs::filesystem_error&) {
    // No cache, no harm: see the header.
  }
}

}  // namespace v2x::world
