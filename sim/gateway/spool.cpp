#include "sim/gateway/spool.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <limits>

#include "common/bad_input.hpp"
#include "common/log.hpp"
#include "common/planted.hpp"
#include "common/random.hpp"

namespace v2x::gateway {
namespace {

constexpr const char* kTables = R"(
  CREATE TABLE IF NOT EXISTS records(seq INTEGER PRIMARY KEY, priority INTEGER NOT NULL, bytes BLOB NOT NULL);
  CREATE INDEX IF NOT EXISTS records_by_priority ON records(priority, seq);
  CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
)";

constexpr int kGivenUpForEach = 2;  // records for each new one while the disk is short of room
constexpr int kFreePages = 64;      // in the file: more than a transaction needs

std::string make_stream_id(const Spool::StreamSource& source) {
  std::string id;
  for (std::uint64_t half = 0; half < 2; ++half) {
    const std::uint64_t bits = random_bits({source.seed, source.gateway_id, "stream"}, source.creation * 2 + half);
    for (int shift = 56; shift >= 0; shift -= 8) id += static_cast<char>(bits >> shift);
  }
  return id;
}

/// Nobody knows: enough.
std::uintmax_t free_beside(const std::filesystem::path& file) {
  std::error_code error;
  const auto space = std::filesystem::space(std::filesystem::absolute(file).parent_path(), error);
  return error ? std::numeric_limits<std::uintmax_t>::max() : space.available;
}

/// Of the file: they are used again before it grows.
int free_pages(sqlite3* database) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, "PRAGMA freelist_count", -1, &statement, nullptr) != SQLITE_OK) return 0;
  const int pages = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int(statement, 0) : 0;
  sqlite3_finalize(statement);
  return pages;
}

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

void bind(sqlite3_stmt* statement, int index, std::uint64_t value) {
  sqlite3_bind_int64(statement, index, static_cast<sqlite3_int64>(value));
}

/// `text` must live until the statement has run.
void bind_text(sqlite3_stmt* statement, int index, std::string_view text) {
  sqlite3_bind_text(statement, index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

void bind_blob(sqlite3_stmt* statement, int index, std::string_view bytes) {
  sqlite3_bind_blob(statement, index, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
}

std::string_view blob(sqlite3_stmt* statement, int column) {
  const void* bytes = sqlite3_column_blob(statement, column);
  return {static_cast<const char*>(bytes), static_cast<size_t>(sqlite3_column_bytes(statement, column))};
}

}  // namespace

void Spool::Close::operator()(sqlite3* database) const {
  sqlite3_close(database);
}
void Spool::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Spool::Spool(const Options& options)
    : capacity_(static_cast<size_t>(options.days) * kRecordsPerDay + kEventReserve),
      free_bytes_(options.free_bytes ? options.free_bytes : [file = options.file] { return free_beside(file); }),
      keep_free_(options.keep_free) {
  sqlite3* database = nullptr;
  const int opened =
      sqlite3_open_v2(options.file.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, options.vfs);
  database_.reset(database);
  if (opened != SQLITE_OK)
    throw BadInput(fmt::format("{}: no spool ({}), expected one or a new file", options.file.string(),
                               sqlite3_errmsg(database_.get())));
  prepare_tables(options);
  insert_ = prepare("INSERT INTO records(seq, priority, bytes) VALUES(?, ?, ?)");
  drop_oldest_ = prepare("DELETE FROM records WHERE seq = (SELECT seq FROM records ORDER BY priority, seq LIMIT 1)");
  delete_upto_ = prepare("DELETE FROM records WHERE seq <= ?");
  read_from_ = prepare("SELECT seq, bytes FROM records WHERE seq >= ? ORDER BY seq");
  put_ = prepare("INSERT INTO meta(name, value) VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value");
  get_ = prepare("SELECT value FROM meta WHERE name = ?");
  begin_ = prepare("BEGIN IMMEDIATE");
  commit_ = prepare("COMMIT");
  rollback_ = prepare("ROLLBACK");
  load_stream(options.source);
}

Spool::~Spool() {
  if (planted("sent_before_durable")) run(commit_);
}

void Spool::prepare_tables(const Options& options) {
  // The file has one owner, so the lock is taken once; write-ahead keeps a commit to one append.
  const bool ready =
      execute("PRAGMA locking_mode = EXCLUSIVE") && execute("PRAGMA journal_mode = WAL") &&
      execute("PRAGMA wal_autocheckpoint = 256") &&  // pages: the log stays a part of what is kept free
      execute(options.durability == Durability::power ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF") &&
      execute(kTables);
  if (ready) return;
  if (sqlite3_errcode(database_.get()) == SQLITE_BUSY)
    throw BadInput(
        fmt::format("{}: another program has it open, expected a spool of this gateway alone", options.file.string()));
  throw BadInput(fmt::format("{}: no spool ({}), expected one or a new file", options.file.string(),
                             sqlite3_errmsg(database_.get())));
}

void Spool::load_stream(const StreamSource& source) {
  stream_id_ = state("stream_id");
  if (stream_id_.empty()) {
    stream_id_ = make_stream_id(source);
    if (!put_number("creation", source.creation) || !put("stream_id", stream_id_))
      throw BadInput("the spool cannot be written");
  }
  mark_ = number("mark");
  acknowledged_ = number("acknowledged");
  dropped_ = number("dropped");
  std::uint64_t newest = mark_;
  read(0, [&](std::uint64_t seq, std::string_view) {
    ++size_;
    newest = seq;
    return true;
  });
  // Not newest + 1: what was acknowledged has left the table, and its numbers are never given again.
  next_seq_ = std::max<std::uint64_t>(1, number("next_seq"));
  if (planted("seq_reused_after_reboot")) next_seq_ = size_ == 0 ? 1 : newest + 1;
}

std::uint64_t Spool::number(std::string_view name) {
  const std::string text = state(name);
  return text.empty() ? 0 : std::stoull(text);
}

std::uint64_t Spool::first_seq() const {
  sqlite3_stmt* statement = read_from_.get();
  bind(statement, 1, 0);
  const std::uint64_t first =
      sqlite3_step(statement) == SQLITE_ROW ? static_cast<std::uint64_t>(sqlite3_column_int64(statement, 0)) : 0;
  sqlite3_reset(statement);
  return first;
}

Status Spool::append(std::span<const NewRecord> records, std::span<const StateEntry> state) {
  if (!begin()) return failed("begin");
  const std::uint64_t dropped_before = dropped_;
  const size_t size_before = size_;
  std::uint64_t seq = next_seq_;
  bool written = true;
  for (const NewRecord& record : records) written = written && insert(seq++, record);
  written = written && put_number("next_seq", seq);
  for (const StateEntry& entry : state) written = written && put(entry.name, entry.text);
  if (!written || (!planted("sent_before_durable") && !run(commit_))) {
    roll_back();
    dropped_ = dropped_before;
    size_ = size_before;
    return failed("append");
  }
  next_seq_ = seq;
  return done();
}

bool Spool::insert(std::uint64_t seq, const NewRecord& record) {
  if (!make_room()) return false;
  bind(insert_.get(), 1, seq);
  bind(insert_.get(), 2, static_cast<std::uint64_t>(record.priority));
  bind_blob(insert_.get(), 3, record.bytes);
  ++size_;
  return run(insert_);
}

bool Spool::make_room() {
  if (size_ >= capacity_ && !drop_oldest()) return false;
  // Deleted pages are used again, so the file stops growing before the disk is full: a deletion needs room, too.
  const bool is_short = size_ > 0 && free_bytes_() < keep_free_ && free_pages(database_.get()) < kFreePages;
  for (int i = 0; is_short && i < kGivenUpForEach && size_ > 0; ++i)
    if (!drop_oldest()) return false;
  return true;
}

bool Spool::drop_oldest() {
  if (!run(drop_oldest_)) return false;
  --size_;
  return put_number("dropped", ++dropped_);
}

void Spool::acknowledge(std::uint64_t seq) {
  if (seq <= mark_) return;
  bind(delete_upto_.get(), 1, seq);
  if (!begin()) return;
  const bool deleted = run(delete_upto_);
  const auto count = static_cast<std::uint64_t>(sqlite3_changes(database_.get()));
  const bool written = deleted && put_number("mark", seq) && put_number("acknowledged", acknowledged_ + count) &&
                       (seq < next_seq_ || put_number("next_seq", seq + 1));
  if (!written || !run(commit_)) {
    // Kept: it is sent again, and dropped by the service's mark.
    log::error("spool: acknowledgement {} not written: {}", seq, sqlite3_errmsg(database_.get()));
    roll_back();
    return;
  }
  mark_ = seq;
  acknowledged_ += count;
  size_ -= count;
  next_seq_ = std::max(next_seq_, seq + 1);
}

void Spool::read(std::uint64_t seq, const std::function<bool(std::uint64_t, std::string_view)>& take) {
  sqlite3_stmt* statement = read_from_.get();
  bind(statement, 1, seq);
  while (sqlite3_step(statement) == SQLITE_ROW)
    if (!take(static_cast<std::uint64_t>(sqlite3_column_int64(statement, 0)), blob(statement, 1))) break;
  sqlite3_reset(statement);
}

std::string Spool::state(std::string_view name) {
  bind_text(get_.get(), 1, name);
  std::string value;
  if (sqlite3_step(get_.get()) == SQLITE_ROW) value = blob(get_.get(), 0);
  sqlite3_reset(get_.get());
  return value;
}

StreamLedger Spool::ledger() const {
  return {hexadecimal(stream_id_), next_seq_ - 1, acknowledged_, dropped_};
}

Spool::Statement Spool::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
    throw BadInput(fmt::format("the spool's tables are not ours: {}", sqlite3_errmsg(database_.get())));
  return Statement(statement);
}

bool Spool::execute(const char* sql) {
  return sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

bool Spool::run(Statement& statement) {
  const int result = sqlite3_step(statement.get());
  sqlite3_reset(statement.get());
  return result == SQLITE_DONE;
}

bool Spool::put(std::string_view name, std::string_view value) {
  bind_text(put_.get(), 1, name);
  bind_blob(put_.get(), 2, value);
  return run(put_);
}

bool Spool::put_number(std::string_view name, std::uint64_t value) {
  return put(name, std::to_string(value));
}

bool Spool::begin() {
  if (planted("sent_before_durable") && sqlite3_get_autocommit(database_.get()) == 0) return true;
  if (run(begin_)) return true;
  note_error();
  return false;
}

void Spool::roll_back() {
  note_error();
  run(rollback_);
}

/// The next statement would overwrite it.
void Spool::note_error() {
  error_text_ = sqlite3_errmsg(database_.get());
}

Status Spool::failed(std::string_view what) {
  return fail("spool", fmt::format("spool: {} failed: {}", what, error_text_));
}

}  // namespace v2x::gateway
