// The gateway's durable queue: a record is in here before it is sent, and until the service has acknowledged it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "common/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace v2x::gateway {

enum class Priority { sample = 0, event = 1 };

/// What happened to the numbers of a stream. made = acknowledged + dropped + still spooled.
struct StreamLedger {
  std::string stream;  ///< hexadecimal
  std::uint64_t made = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t dropped = 0;
};

/// One SQLite file with the records of one stream and the gateway's own state, which changes in the same transaction
/// as the record that tells of it. Belongs to the gateway's thread. When the file cannot be written, the record does
/// not exist: it is never sent.
class Spool {
 public:
  enum class Durability {
    process,  ///< survives kill -9, not a power loss (lockstep)
    power,    ///< fsync before anything is sent
  };
  /// Where stream ids come from when a spool is made: the same three give the same id.
  struct StreamSource {
    std::uint64_t seed = 1;
    std::string gateway_id;
    std::uint64_t creation = 0;  ///< how many spools this gateway has had before
  };
  struct Options {
    std::filesystem::path file;
    Durability durability = Durability::power;
    int days = 30;
    StreamSource source;
    const char* vfs = nullptr;  ///< SQLite's name of the file system to use; nullptr: the usual one
    std::function<std::uintmax_t()> free_bytes = {};  ///< of that file system; default: of the file's
    std::uintmax_t keep_free = 8'000'000;             ///< what the spool leaves of the disk; default
  };
  struct NewRecord {
    Priority priority = Priority::sample;
    std::string bytes;
  };
  struct StateEntry {
    std::string_view name;
    std::string text;
  };

  /// Throws BadInput when the file is no spool or cannot be made.
  explicit Spool(const Options& options);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  const std::string& stream_id() const { return stream_id_; }  ///< 16 bytes
  /// The number that the next record must carry.
  std::uint64_t next_seq() const { return next_seq_; }
  std::uint64_t acknowledged_seq() const { return mark_; }
  /// 0 when nothing is spooled.
  std::uint64_t first_seq() const;
  size_t size() const { return size_; }
  std::uint64_t dropped() const { return dropped_; }
  /// StreamSource::creation of this spool.
  std::uint64_t creation() { return number("creation"); }

  /// All of it durable when it returns, or nothing. The records carry next_seq() and the numbers after it. A full spool
  /// drops its oldest sample, or its oldest event when there is no sample. While the disk is short of room it drops two
  /// for each that comes.
  Status append(std::span<const NewRecord> records, std::span<const StateEntry> state);
  /// All up to `seq` is the service's now. A mark beyond our numbers (an older copy of the file) moves them on.
  void acknowledge(std::uint64_t seq);
  /// Calls `take` with records from `seq` on, in order, until it returns false.
  void read(std::uint64_t seq, const std::function<bool(std::uint64_t seq, std::string_view bytes)>& take);

  /// "" when never written.
  std::string state(std::string_view name);
  StreamLedger ledger() const;

  static constexpr size_t kRecordsPerDay = 1440;   // LAW-1: one per minute
  static constexpr size_t kEventReserve = 10'000;  // beside the minutes; default

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

  void prepare_tables(const Options& options);
  void load_stream(const StreamSource& source);
  std::uint64_t number(std::string_view name);
  Statement prepare(const char* sql);
  bool execute(const char* sql);
  bool run(Statement& statement);
  bool put(std::string_view name, std::string_view value);
  bool put_number(std::string_view name, std::uint64_t value);
  bool append_once(std::span<const NewRecord> records, std::span<const StateEntry> state);
  bool insert(std::uint64_t seq, const NewRecord& record);
  bool make_room();
  bool drop_oldest();
  bool begin();
  void roll_back();
  void note_error();
  Status failed(std::string_view what);

  std::unique_ptr<sqlite3, Close> database_;
  size_t capacity_;
  std::string stream_id_;
  std::uint64_t next_seq_ = 1;
  std::uint64_t mark_ = 0;
  std::uint64_t acknowledged_ = 0;
  std::uint64_t dropped_ = 0;
  size_t size_ = 0;
  std::function<std::uintmax_t()> free_bytes_;
  std::uintmax_t keep_free_;
  std::string error_text_;  ///< of the last transaction that failed
  Statement insert_, drop_oldest_, delete_upto_, read_from_, put_, get_, begin_, commit_, rollback_;
};

}  // namespace v2x::gateway
