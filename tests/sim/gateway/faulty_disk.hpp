// A disk for SQLite that can lose its power, forget what was not synced, and fill up.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct sqlite3_vfs;

namespace v2x::gateway {

/// Files in memory, offered to SQLite as a VFS of its own name. A write is in its file at once and on the disk from the
/// next sync of the file on. Belongs to one thread; outlives every connection to it.
class FaultyDisk {
 public:
  explicit FaultyDisk(std::uint64_t seed);
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  const char* vfs() const { return name_.c_str(); }

  /// The power fails before the n-th write or sync from now: that and every later one is an error.
  void cut_power_after(int operations) { operations_left_ = operations; }
  bool has_power() const { return !dead_; }
  /// Of each file what was synced survives; of every later write nothing, a part of it, or all, as the disk pleases.
  void restore_power();

  /// Writes that would need more are refused; nullopt: there is room for all.
  void limit(std::optional<size_t> bytes) { limit_ = bytes; }
  size_t bytes() const;
  std::uint64_t syncs() const { return syncs_; }

 private:
  friend struct FaultyFile;
  struct Change {
    size_t at = 0;
    std::vector<char> bytes;
    std::optional<size_t> truncate;
  };
  struct File {
    std::vector<char> now;
    std::vector<char> synced;
    std::vector<Change> since_sync;
  };

  static FaultyDisk& of(sqlite3_vfs* vfs);
  bool pass();
  static void apply(const Change& change, std::vector<char>& bytes);
  void settle(File& file);
  int write(File& file, Change change);
  int sync(File& file);

  std::string name_;
  std::unique_ptr<sqlite3_vfs> vfs_;
  std::map<std::string, std::shared_ptr<File>> files_;
  std::uint64_t seed_;
  std::uint64_t draws_ = 0;
  std::optional<int> operations_left_;
  bool dead_ = false;
  std::optional<size_t> limit_;
  std::uint64_t syncs_ = 0;
};

}  // namespace v2x::gateway
