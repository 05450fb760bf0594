#include "common/scratch_directory.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "common/bad_input.hpp"

namespace v2x {
namespace {

namespace fs = std::filesystem;

constexpr auto kKept = ".kept";  // a file that says: nobody uses this directory, and it stays

/// Where this user's are. Others may pass, as a database server that runs as nobody must, but not look around.
fs::path own_place() {
  const fs::path place = fs::temp_directory_path() / ("v2x-" + std::to_string(geteuid()));
  mkdir(place.c_str(), 0711);
  struct stat found {};
  if (lstat(place.c_str(), &found) != 0 || !S_ISDIR(found.st_mode) || found.st_uid != geteuid())
    throw BadInput(place.string() + ": expected a directory of this user's, or nothing, for temporary files");
  chmod(place.c_str(), 0711);  // whatever the umask has left of it
  return place;
}

/// An open descriptor of `directory` with its lock; -1 when it isn't there, or, with LOCK_NB, when another has it.
int lock_of(const fs::path& directory, int how) {
  const int descriptor = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0 || flock(descriptor, how) == 0) return descriptor;
  close(descriptor);
  return -1;
}

void remove_abandoned(const fs::path& place) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(place, ignored)) {
    const int lock = lock_of(entry.path(), LOCK_EX | LOCK_NB);
    if (lock < 0) continue;
    if (!fs::exists(entry.path() / kKept, ignored)) fs::remove_all(entry.path(), ignored);
    close(lock);
  }
}

}  // namespace

ScratchDirectory::ScratchDirectory() {
  const fs::path place = own_place();
  const int turn = lock_of(place, LOCK_EX);  // nobody takes one for abandoned that isn't locked yet
  remove_abandoned(place);
  std::string name = (place / "XXXXXX").string();
  if (mkdtemp(name.data())) lock_ = lock_of(name, LOCK_EX);
  close(turn);
  if (lock_ < 0) throw BadInput(name + ": cannot be made, expected a place for temporary files");
  path_ = name;
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  if (!keep_) fs::remove_all(path_, ignored);
  close(lock_);
}

void ScratchDirectory::keep() {
  keep_ = true;
  std::ofstream(path_ / kKept).flush();
}

}  // namespace v2x
