// The registry on SQLite: one writer, readers beside it (WAL).
#pragma once

#include <filesystem>

#include "backend/store/durability.hpp"
#include "backend/store/registry_sql.hpp"

namespace v2x::store {

class RegistrySqlite final : public RegistrySql {
 public:
  struct Options {
    std::filesystem::path file;
    Durability durability = Durability::full;
    std::filesystem::path migrations;  ///< directory of NNN_name.sql
  };
  /// Opens or makes the file and migrates it. Throws BadInput when that fails. `clock` and `texts` must outlive it.
  RegistrySqlite(const Options& options, const Clock& clock, const service::MailTexts& texts);

  /// The newest instant at which a transaction was committed, also by an earlier process; the epoch when none was.
  /// A clock that starts earlier would write the past.
  static Time newest_commit(const std::filesystem::path& file);
};

}  // namespace v2x::store
