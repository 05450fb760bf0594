// Opens the stores that an address names.
#pragma once

#include <filesystem>
#include <memory>

#include "backend/service/mail_texts.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/telemetry.hpp"
#include "backend/store/durability.hpp"
#include "backend/store/store_url.hpp"

namespace v2x::store {

struct RegistryOptions {
  StoreUrl url;
  Durability durability = Durability::full;  ///< of SQLite; a server has its own
  std::filesystem::path migrations;          ///< directory of NNN_name.sql
};

/// Throws BadInput when it cannot be opened or is of a kind that holds no registry. `clock` and `texts` must outlive
/// it.
std::unique_ptr<service::Registry> open_registry(const RegistryOptions& options, const Clock& clock,
                                                 const service::MailTexts& texts);
/// The newest instant at which a registry's transaction was committed; the epoch when none was.
Time newest_commit(const StoreUrl& registry);

/// Throws BadInput when it cannot be opened.
std::unique_ptr<service::TelemetryStore> open_telemetry(const StoreUrl& url, Durability durability);

}  // namespace v2x::store
