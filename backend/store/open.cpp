#include "backend/store/open.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backend/store/registry_postgres.hpp"
#include "backend/store/registry_sqlite.hpp"
#include "backend/store/telemetry_clickhouse.hpp"
#include "backend/store/telemetry_postgres.hpp"
#include "backend/store/telemetry_sqlite.hpp"
#include "common/bad_input.hpp"

namespace v2x::store {
namespace {

using Kind = StoreUrl::Kind;

constexpr auto kRegistryOption = "--registry";

/// The libraries' messages have several lines; what main prints is one, and names the option.
template <class Open>
auto opened(const char* option, const StoreUrl& url, Open open) {
  try {
    return open();
  } catch (const BadInput& error) {
    std::string line = error.what();
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    throw BadInput(fmt::format("{} {}: {}", option, url.shown, line));
  }
}

[[noreturn]] void no_registry() {
  throw BadInput("expected sqlite, sqlite:FILE or postgresql://…");
}

}  // namespace

std::unique_ptr<service::Registry> open_registry(const RegistryOptions& options, const Clock& clock,
                                                 const service::MailTexts& texts) {
  return opened(kRegistryOption, options.url, [&]() -> std::unique_ptr<service::Registry> {
    switch (options.url.kind) {
      case Kind::sqlite:
        return std::make_unique<RegistrySqlite>(
            RegistrySqlite::Options{options.url.target, options.durability, options.migrations}, clock, texts);
      case Kind::postgresql:
        return std::make_unique<RegistryPostgres>(options.url.target, options.migrations, clock, texts);
      case Kind::clickhouse:
        break;
    }
    no_registry();
  });
}

Time newest_commit(const StoreUrl& registry) {
  return opened(kRegistryOption, registry, [&]() -> Time {
    switch (registry.kind) {
      case Kind::sqlite:
        return RegistrySqlite::newest_commit(registry.target);
      case Kind::postgresql:
        return RegistryPostgres::newest_commit(registry.target);
      case Kind::clickhouse:
        break;
    }
    no_registry();
  });
}

std::unique_ptr<service::TelemetryStore> open_telemetry(const StoreUrl& url, Durability durability) {
  return opened("--telemetry", url, [&]() -> std::unique_ptr<service::TelemetryStore> {
    switch (url.kind) {
      case Kind::postgresql:
        return std::make_unique<TelemetryPostgres>(url.target);
      case Kind::clickhouse:
        return std::make_unique<TelemetryClickhouse>(url.shards);
      case Kind::sqlite:
        break;
    }
    return std::make_unique<TelemetrySqlite>(url.target, durability);
  });
}

}  // namespace v2x::store
