#include "backend/store/registry_sqlite.hpp"

#include <fmt/format.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "backend/store/sql.hpp"
#include "common/bad_input.hpp"

namespace v2x::store {
namespace {

constexpr int kLockTimeoutS = 10;  // another process (mails show, gateways import) may hold the write lock that long

std::unique_ptr<soci::session> opened(const RegistrySqlite::Options& options) {
  auto session = std::make_unique<soci::session>(soci::sqlite3,
                                                 fmt::format("db={} timeout={}", options.file.string(), kLockTimeoutS));
  *session << "PRAGMA journal_mode = WAL";
  *session << (options.durability == Durability::full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  *session << "PRAGMA foreign_keys = ON";
  return session;
}

RegistryDatabase database(const RegistrySqlite::Options& options) {
  return {options.file.string(), kSqlite, [options] { return opened(options); },
          [options] {
            auto session = opened(options);
            *session << "PRAGMA query_only = ON";
            return session;
          },
          [](soci::session&) { return true; }};
}

}  // namespace

RegistrySqlite::RegistrySqlite(const Options& options, const Clock& clock, const service::MailTexts& texts)
    : RegistrySql(database(options), options.migrations, clock, texts) {}

Time RegistrySqlite::newest_commit(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return Time{};
  try {
    return RegistrySql::newest_commit(*opened({file, Durability::full, {}}));
  } catch (const soci::soci_error& error) {
    throw BadInput(fmt::format("{}: {}, expected a registry", file.string(), error.what()));
  }
}

}  // namespace v2x::store
