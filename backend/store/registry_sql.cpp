#include "backend/store/registry_sql.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "backend/store/migrations.hpp"
#include "backend/store/sql.hpp"
#include "backend/store/sql_begin.hpp"
#include "common/bad_input.hpp"

namespace v2x::store {
namespace {

constexpr size_t kMostReaders = 32;

}  // namespace

RegistrySql::RegistrySql(RegistryDatabase database, const std::filesystem::path& migrations, const Clock& clock,
                         const service::MailTexts& texts)
    : database_(std::move(database)),
      clock_(clock),
      writers_(
          1, [this, &texts] { return std::make_unique<Connection>(database_.open_writer(), texts); },
          [this](Connection& idle) { return database_.is_alive(*idle.session); }),
      readers_(
          kMostReaders, [this, &texts] { return std::make_unique<Connection>(database_.open_reader(), texts); },
          [this](Connection& idle) { return database_.is_alive(*idle.session); }) {
  try {
    migrate(*writers_.take()->session, migrations, database_.dialect);
  } catch (const soci::soci_error& error) {
    throw BadInput(fmt::format("{}: {}, expected a registry or a place to make one", database_.name, error.what()));
  }
}

void RegistrySql::write(const Body& body) {
  std::vector<service::Happening> happenings;
  try {
    auto writer = writers_.take();
    try {
      soci::session& session = *writer->session;
      SqlTransaction& transaction = writer->transaction;
      SqlBegin begun(session, database_.dialect.begin_write);
      transaction.begin(clock_.now());
      if (!body(transaction)) return;
      const Time now = transaction.now();
      session << "INSERT INTO meta (name, value) VALUES ('clock', :now) ON CONFLICT (name) DO UPDATE SET value = "
                 "CASE WHEN meta.value < excluded.value THEN excluded.value ELSE meta.value END",
          soci::use(now);
      begun.commit();
      happenings = transaction.take_happenings();
    } catch (const soci::soci_error&) {
      writer.discard();  // perhaps the server has gone: the next one asks anew
      throw;
    }
  } catch (const soci::soci_error& error) {
    throw service::StoreError(std::string("registry: ") + error.what());
  }
  if (observer_) observer_(happenings);
}

void RegistrySql::view(const Body& body) {
  try {
    auto reader = readers_.take();
    try {
      SqlBegin begun(*reader->session, database_.dialect.begin_read);
      reader->transaction.begin(clock_.now());
      body(reader->transaction);
    } catch (const soci::soci_error&) {
      reader.discard();
      throw;
    }
  } catch (const soci::soci_error& error) {
    throw service::StoreError(std::string("registry: ") + error.what());
  }
}

Time RegistrySql::newest_commit(soci::session& session) {
  Time newest{};
  session << "SELECT value FROM meta WHERE name = 'clock'", soci::into(newest);
  return newest;
}

}  // namespace v2x::store
