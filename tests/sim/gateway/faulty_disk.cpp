#include "tests/sim/gateway/faulty_disk.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "common/random.hpp"

namespace v2x::gateway {

/// What SQLite holds of an open file; it gives the memory.
struct FaultyFile {
  sqlite3_file base;
  FaultyDisk* disk;
  std::shared_ptr<FaultyDisk::File>* file;

  static FaultyFile& of(sqlite3_file* file) { return *reinterpret_cast<FaultyFile*>(file); }

  static int close(sqlite3_file* file) {
    delete of(file).file;
    return SQLITE_OK;
  }
  static int read(sqlite3_file* file, void* into, int count, sqlite3_int64 at) {
    const std::vector<char>& bytes = (*of(file).file)->now;
    const auto wanted = static_cast<size_t>(count);
    const size_t begin = std::min(static_cast<size_t>(at), bytes.size());
    const size_t there = std::min(wanted, bytes.size() - begin);
    std::copy_n(bytes.data() + begin, there, static_cast<char*>(into));
    if (there == wanted) return SQLITE_OK;
    std::memset(static_cast<char*>(into) + there, 0, wanted - there);
    return SQLITE_IOERR_SHORT_READ;
  }
  static int write(sqlite3_file* file, const void* from, int count, sqlite3_int64 at) {
    const char* bytes = static_cast<const char*>(from);
    return of(file).disk->write(**of(file).file, {static_cast<size_t>(at), {bytes, bytes + count}, {}});
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    return of(file).disk->write(**of(file).file, {0, {}, static_cast<size_t>(size)});
  }
  static int sync(sqlite3_file* file, int) { return of(file).disk->sync(**of(file).file); }
  static int size(sqlite3_file* file, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>((*of(file).file)->now.size());
    return SQLITE_OK;
  }
  static int lock(sqlite3_file*, int) { return SQLITE_OK; }
  static int locked(sqlite3_file*, int* result) {
    *result = 0;
    return SQLITE_OK;
  }
  static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int sector(sqlite3_file*) { return 512; }
  static int characteristics(sqlite3_file*) { return 0; }

  static const sqlite3_io_methods& methods() {
    static const sqlite3_io_methods table = [] {
      sqlite3_io_methods m{};
      m.iVersion = 1;
      m.xClose = close, m.xRead = read, m.xWrite = write, m.xTruncate = truncate, m.xSync = sync, m.xFileSize = size;
      m.xLock = lock, m.xUnlock = lock, m.xCheckReservedLock = locked, m.xFileControl = control;
      m.xSectorSize = sector, m.xDeviceCharacteristics = characteristics;
      return m;
    }();
    return table;
  }
  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* into, int, int* out_flags) {
    FaultyDisk& disk = FaultyDisk::of(vfs);
    auto& file = disk.files_[name == nullptr ? "temporary" : name];
    if (!file) file = std::make_shared<FaultyDisk::File>();
    FaultyFile& opened = of(into);
    opened.base.pMethods = &methods();
    opened.disk = &disk;
    opened.file = std::make_unique<std::shared_ptr<FaultyDisk::File>>(file).release();
    if (out_flags != nullptr) *out_flags = SQLITE_OPEN_READWRITE;
    return SQLITE_OK;
  }
  static int remove(sqlite3_vfs* vfs, const char* name, int) {
    FaultyDisk& disk = FaultyDisk::of(vfs);
    if (!disk.pass()) return SQLITE_IOERR_DELETE;
    disk.files_.erase(name);
    return SQLITE_OK;
  }
  static int access(sqlite3_vfs* vfs, const char* name, int, int* result) {
    *result = FaultyDisk::of(vfs).files_.contains(name) ? 1 : 0;
    return SQLITE_OK;
  }
  static int full_name(sqlite3_vfs*, const char* name, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
  }
};

FaultyDisk::FaultyDisk(std::uint64_t seed) : seed_(seed) {
  static int disks = 0;
  name_ = "faulty" + std::to_string(++disks);
  const sqlite3_vfs* usual = sqlite3_vfs_find(nullptr);
  vfs_ = std::make_unique<sqlite3_vfs>(*usual);  // its clock and its randomness are good enough
  vfs_->iVersion = 1;
  vfs_->szOsFile = sizeof(FaultyFile);
  vfs_->zName = name_.c_str();
  vfs_->pAppData = this;
  vfs_->xOpen = FaultyFile::open;
  vfs_->xDelete = FaultyFile::remove;
  vfs_->xAccess = FaultyFile::access;
  vfs_->xFullPathname = FaultyFile::full_name;
  sqlite3_vfs_register(vfs_.get(), 0);
}

FaultyDisk::~FaultyDisk() {
  sqlite3_vfs_unregister(vfs_.get());
}

FaultyDisk& FaultyDisk::of(sqlite3_vfs* vfs) {
  return *static_cast<FaultyDisk*>(vfs->pAppData);
}

bool FaultyDisk::pass() {
  if (operations_left_ && (*operations_left_)-- <= 0) dead_ = true;
  return !dead_;
}

void FaultyDisk::apply(const Change& change, std::vector<char>& bytes) {
  if (change.truncate) {
    bytes.resize(*change.truncate);
    return;
  }
  bytes.resize(std::max(bytes.size(), change.at + change.bytes.size()));
  std::copy(change.bytes.begin(), change.bytes.end(), bytes.begin() + static_cast<std::ptrdiff_t>(change.at));
}

int FaultyDisk::write(File& file, Change change) {
  if (!pass()) return SQLITE_IOERR_WRITE;
  const size_t end = change.at + change.bytes.size();
  const size_t growth = end > file.now.size() ? end - file.now.size() : 0;
  if (limit_ && growth > 0 && bytes() + growth > *limit_) return SQLITE_FULL;
  apply(change, file.now);
  file.since_sync.push_back(std::move(change));
  return SQLITE_OK;
}

int FaultyDisk::sync(File& file) {
  if (!pass()) return SQLITE_IOERR_FSYNC;
  for (const Change& change : file.since_sync) apply(change, file.synced);
  file.since_sync.clear();
  ++syncs_;
  return SQLITE_OK;
}

void FaultyDisk::settle(File& file) {
  constexpr size_t kSector = 512;
  const auto draw = [&] { return random_uniform({seed_, "disk", "power loss"}, draws_++); };
  for (Change& change : file.since_sync) {
    const double luck = draw();
    if (luck < 0.4) continue;                           // never reached the disk
    if (luck < 0.6 && change.bytes.size() > kSector) {  // torn: some of its sectors did
      const size_t sectors = change.bytes.size() / kSector;
      change.bytes.resize(kSector * static_cast<size_t>(draw() * static_cast<double>(sectors)));
    }
    apply(change, file.synced);
  }
  file.since_sync.clear();
  file.now = file.synced;
}

void FaultyDisk::restore_power() {
  for (auto& [name, file] : files_) settle(*file);
  operations_left_.reset();
  dead_ = false;
}

size_t FaultyDisk::bytes() const {
  size_t sum = 0;
  for (const auto& [name, file] : files_) sum += file->now.size();
  return sum;
}

}  // namespace v2x::gateway
