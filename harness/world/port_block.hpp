// Ports for one scenario, held by a lock file, so that a restarted process gets its own back.
#pragma once

#include <filesystem>
#include <string>

namespace v2x::world {

/// A block of consecutive TCP ports on loopback, from below the range that the kernel gives away. Other harnesses of
/// this user (and other threads) don't get them while this object lives, nor does it take ports that are in use.
class PortBlock {
 public:
  static constexpr int kSize = 8;

  /// Throws BadInput when all blocks are taken. `locks` is where the lock files are.
  explicit PortBlock(const std::filesystem::path& locks);
  ~PortBlock();
  PortBlock(const PortBlock&) = delete;
  PortBlock& operator=(const PortBlock&) = delete;

  int port(int index) const { return first_ + index; }
  int first() const { return first_; }

  /// The default place: one per user, shared by all runs on this machine.
  static std::filesystem::path default_locks();

 private:
  int lock_ = -1;  ///< flock'ed file
  int first_ = 0;
};

/// Whether a listener could bind 127.0.0.1:`port` now.
bool port_is_free(int port);

}  // namespace v2x::world
