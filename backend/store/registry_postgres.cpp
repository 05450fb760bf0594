#include "backend/store/registry_postgres.hpp"

#include <fmt/format.h>
#include <soci/postgresql/soci-postgresql.h>

#include "backend/store/postgres.hpp"
#include "backend/store/sql.hpp"
#include "common/bad_input.hpp"

namespace v2x::store {
namespace {

constexpr auto kName = "registry on PostgreSQL";

/// SOCI takes an address without any "name=value" for a name and appends '=' to it.
std::string for_soci(const std::string& url) {
  return url.find('=') == std::string::npos ? url + "?application_name=v2x-backend" : url;
}

std::unique_ptr<soci::session> opened(const std::string& url) {
  auto session = std::make_unique<soci::session>(soci::postgresql, for_soci(url));
  *session << "SET client_min_messages = warning";
  return session;
}

/// Without this, each connection that a dead server leaves behind would cost somebody an error.
bool is_alive(soci::session& session) {
  return !postgres::has_ended(static_cast<soci::postgresql_session_backend*>(session.get_backend())->conn_);
}

RegistryDatabase database(const std::string& url) {
  return {kName, kPostgres, [url] { return opened(url); }, [url] { return opened(url); }, is_alive};
}

}  // namespace

RegistryPostgres::RegistryPostgres(const std::string& url, const std::filesystem::path& migrations, const Clock& clock,
                                   const service::MailTexts& texts)
    : RegistrySql(database(url), migrations, clock, texts) {}

Time RegistryPostgres::newest_commit(const std::string& url) {
  try {
    const auto session = opened(url);
    int tables = 0;
    *session << "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'meta'",
        soci::into(tables);
    return tables == 0 ? Time{} : RegistrySql::newest_commit(*session);
  } catch (const soci::soci_error& error) {
    throw BadInput(fmt::format("{}: {}", kName, error.what()));
  }
}

}  // namespace v2x::store
