#include "backend/store/open.hpp"

#include <fmt/format.h>

#include "backend/store/registry_postgres.hpp"
#include "backend/store/registry_sqlite.hpp"
#include "backend/store/telemetry_clickhouse.hpp"
#include "backend/store/telemetry_postgres.hpp"
#include "backend/store/telemetry_sqlite.hpp"
#include "common/bad_input.hpp"

namespace v2x::store {
namespace {

using Kind = StoreUrl::Kind;

[[noreturn]] void no_registry(const StoreUrl& url) {
  throw BadInput(fmt::format("--registry {}: expected sqlite:FILE or postgresql://…", url.shown));
}

}  // namespace

std::unique_ptr<service::Registry> open_registry(const RegistryOptions& options, const Clock& clock,
                                                 const service::MailTexts& texts) {
  switch (options.url.kind) {
    case Kind::sqlite:
      return std::make_unique<RegistrySqlite>(
          RegistrySqlite::Options{options.url.target, options.durability, options.migrations}, clock, texts);
    case Kind::postgresql:
      return std::make_unique<RegistryPostgres>(options.url.target, options.migrations, clock, texts);
    case Kind::clickhouse:
      break;
  }
  no_registry(options.url);
}

Time newest_commit(const StoreUrl& registry) {
  switch (registry.kind) {
    case Kind::sqlite:
      return RegistrySqlite::newest_commit(registry.target);
    case Kind::postgresql:
      return RegistryPostgres::newest_commit(registry.target);
    case Kind::clickhouse:
      break;
  }
  no_registry(registry);
}

std::unique_ptr<service::TelemetryStore> open_telemetry(const StoreUrl& url, Durability durability) {
  switch (url.kind) {
    case Kind::postgresql:
      return std::make_unique<TelemetryPostgres>(url.target);
    case Kind::clickhouse:
      return std::make_unique<TelemetryClickhouse>(url.shards);
    case Kind::sqlite:
      break;
  }
  return std::make_unique<TelemetrySqlite>(url.target, durability);
}

}  // namespace v2x::store
