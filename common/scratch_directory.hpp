// A place for what a program needs only while it runs.
#pragma once

#include <filesystem>

namespace v2x {

/// A private directory with a short path (a socket's path ends at 107 bytes), removed at the end unless it shall stay.
/// A process that was killed leaves its own behind; the next one that is made on this machine removes it.
class ScratchDirectory {
 public:
  /// Throws BadInput when there is no place for temporary files.
  ScratchDirectory();
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// It stays, for whoever wants to look into it.
  void keep();

 private:
  std::filesystem::path path_;
  int lock_ = -1;  ///< held as long as it is in use
  bool keep_ = false;
};

}  // namespace v2x
