// The registry on PostgreSQL: several processes share it.
#pragma once

#include <filesystem>
#include <string>

#include "backend/store/registry_sql.hpp"

namespace v2x::store {

class RegistryPostgres final : public RegistrySql {
 public:
  /// Connects and migrates. Throws BadInput when that fails. `url` is shown nowhere: it may hold a password. `clock`
  /// and `texts` must outlive it.
  RegistryPostgres(const std::string& url, const std::filesystem::path& migrations, const Clock& clock,
                   const service::MailTexts& texts);

  /// As RegistrySqlite::newest_commit.
  static Time newest_commit(const std::string& url);
};

}  // namespace v2x::store
