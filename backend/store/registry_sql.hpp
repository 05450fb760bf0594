// A registry over SOCI, whatever the database: transactions, connections, the observer of commits.
#pragma once

#include <soci/soci.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "backend/service/mail_texts.hpp"
#include "backend/service/registry.hpp"
#include "backend/store/dialect.hpp"
#include "backend/store/pool.hpp"
#include "backend/store/sql_transaction.hpp"

namespace v2x::store {

/// The database under a registry.
struct RegistryDatabase {
  std::string name;  ///< for messages: no password in it
  const Dialect& dialect;
  std::function<std::unique_ptr<soci::session>()> open_writer;
  std::function<std::unique_ptr<soci::session>()> open_reader;
  std::function<bool(soci::session&)> is_alive;  ///< while nobody uses it
};

class RegistrySql : public service::Registry {
 public:
  /// Migrates the database by the files NNN_name.sql in `migrations`. Throws BadInput when that fails. `clock` and
  /// `texts` must outlive it.
  RegistrySql(RegistryDatabase database, const std::filesystem::path& migrations, const Clock& clock,
              const service::MailTexts& texts);

  void on_commit(Observer observer) override { observer_ = std::move(observer); }

 protected:
  /// The newest instant at which a transaction was committed, as `meta` has it.
  static Time newest_commit(soci::session& session);

 private:
  struct Connection {
    Connection(std::unique_ptr<soci::session> opened, const service::MailTexts& texts)
        : session(std::move(opened)), transaction(*session, texts) {}
    std::unique_ptr<soci::session> session;
    SqlTransaction transaction;
  };

  void write(const Body& body) override;
  void view(const Body& body) override;

  const RegistryDatabase database_;
  const Clock& clock_;
  Observer observer_;
  Pool<Connection> writers_;  ///< one: writers exclude each other
  Pool<Connection> readers_;
};

}  // namespace v2x::store
