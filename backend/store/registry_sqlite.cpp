#include "backend/store/registry_sqlite.hpp"

#include <fmt/format.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <mutex>
#include <vector>

#include "backend/store/migrations.hpp"
#include "backend/store/sql.hpp"
#include "backend/store/sql_transaction.hpp"
#include "common/bad_input.hpp"

namespace v2x::store {
namespace {

constexpr int kLockTimeoutS = 10;  // another process (mails show, gateways import) may hold the write lock that long

std::string connect_string(const std::filesystem::path& file) {
  return fmt::format("db={} timeout={}", file.string(), kLockTimeoutS);
}

/// Rolls back what was begun but not committed.
class SqlBegin {
 public:
  SqlBegin(soci::session& session, const char* begin) : session_(session) { session_ << begin; }
  ~SqlBegin() {
    if (open_) end("ROLLBACK");
  }
  void commit() {
    session_ << "COMMIT";
    open_ = false;
  }
  SqlBegin(const SqlBegin&) = delete;
  SqlBegin& operator=(const SqlBegin&) = delete;

 private:
  void end(const char* sql) noexcept {
    try {
      session_ << sql;
    } catch (const soci::soci_error&) {
      // SQLite has rolled back by itself already, as it does when the disk is full.
    }
  }
  soci::session& session_;
  bool open_ = true;
};

}  // namespace

struct RegistrySqlite::Connection {
  Connection(const std::filesystem::path& file, Durability durability, const service::MailTexts& texts)
      : session(soci::sqlite3, connect_string(file)), transaction(session, texts) {
    session << "PRAGMA journal_mode = WAL";
    session << (durability == Durability::full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    session << "PRAGMA foreign_keys = ON";
  }
  soci::session session;
  SqlTransaction transaction;
};

struct RegistrySqlite::Impl {
  Impl(const Options& given, const Clock& given_clock, const service::MailTexts& given_texts)
      : options(given), clock(given_clock), texts(given_texts) {}

  const Options options;
  const Clock& clock;
  const service::MailTexts& texts;
  Observer observer;

  std::mutex write_mutex;  // guards writer
  std::unique_ptr<Connection> writer;
  std::mutex readers_mutex;  // guards idle_readers
  std::vector<std::unique_ptr<Connection>> idle_readers;

  std::unique_ptr<Connection> borrow() {
    {
      const std::lock_guard lock(readers_mutex);
      if (!idle_readers.empty()) {
        auto reader = std::move(idle_readers.back());
        idle_readers.pop_back();
        return reader;
      }
    }
    auto reader = std::make_unique<Connection>(options.file, options.durability, texts);
    reader->session << "PRAGMA query_only = ON";
    return reader;
  }

  void give_back(std::unique_ptr<Connection> reader) {
    const std::lock_guard lock(readers_mutex);
    idle_readers.push_back(std::move(reader));
  }
};

RegistrySqlite::RegistrySqlite(const Options& options, const Clock& clock, const service::MailTexts& texts)
    : impl_(std::make_unique<Impl>(options, clock, texts)) {
  try {
    impl_->writer = std::make_unique<Connection>(options.file, options.durability, texts);
    migrate(impl_->writer->session, options.migrations, kSqlite);
  } catch (const soci::soci_error& error) {
    throw BadInput(
        fmt::format("{}: {}, expected a registry or a place to make one", options.file.string(), error.what()));
  }
}

RegistrySqlite::~RegistrySqlite() = default;

void RegistrySqlite::on_commit(Observer observer) {
  impl_->observer = std::move(observer);
}

void RegistrySqlite::write(const Body& body) {
  std::vector<service::Happening> happenings;
  try {
    const std::lock_guard lock(impl_->write_mutex);
    auto& [session, transaction] = *impl_->writer;
    SqlBegin begun(session, "BEGIN IMMEDIATE");
    transaction.begin(impl_->clock.now());
    if (!body(transaction)) return;
    const Time now = transaction.now();
    session << "INSERT INTO meta (name, value) VALUES ('clock', :now) ON CONFLICT (name) DO UPDATE SET value = "
               "CASE WHEN value < excluded.value THEN excluded.value ELSE value END",
        soci::use(now);
    begun.commit();
    happenings = transaction.take_happenings();
  } catch (const soci::soci_error& error) {
    throw service::StoreError(std::string("registry: ") + error.what());
  }
  if (impl_->observer) impl_->observer(happenings);
}

void RegistrySqlite::view(const Body& body) {
  try {
    auto reader = impl_->borrow();
    {
      SqlBegin begun(reader->session, "BEGIN");
      reader->transaction.begin(impl_->clock.now());
      body(reader->transaction);
    }
    impl_->give_back(std::move(reader));
  } catch (const soci::soci_error& error) {
    throw service::StoreError(std::string("registry: ") + error.what());
  }
}

Time RegistrySqlite::newest_commit(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return Time{};
  try {
    soci::session session(soci::sqlite3, connect_string(file));
    Time newest{};
    session << "SELECT value FROM meta WHERE name = 'clock'", soci::into(newest);
    return newest;
  } catch (const soci::soci_error& error) {
    throw BadInput(fmt::format("{}: {}, expected a registry", file.string(), error.what()));
  }
}

}  // namespace v2x::store
