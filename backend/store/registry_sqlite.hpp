// The registry on SQLite: one writer, readers beside it (WAL).
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "backend/service/mail_texts.hpp"
#include "backend/service/registry.hpp"

namespace v2x::store {

/// How much a commit survives: `full` a power cut, `normal` a killed process.
enum class Durability { normal, full };

class RegistrySqlite final : public service::Registry {
 public:
  struct Options {
    std::filesystem::path file;
    Durability durability = Durability::full;
    std::filesystem::path migrations;  ///< directory of NNN_name.sql
  };
  /// Opens or makes the file and migrates it. Throws BadInput when that fails. `clock` and `texts` must outlive it.
  RegistrySqlite(const Options& options, const Clock& clock, const service::MailTexts& texts);
  ~RegistrySqlite() override;

  void on_commit(Observer observer) override;

  /// The newest instant at which a transaction was committed, also by an earlier process; the epoch when none was.
  /// A clock that starts earlier would write the past.
  static Time newest_commit(const std::filesystem::path& file);

 private:
  struct Connection;

  void write(const Body& body) override;
  void view(const Body& body) override;

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace v2x::store
