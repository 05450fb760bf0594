#include "backend/store/migrations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <vector>

#include "backend/store/sql_begin.hpp"
#include "common/bad_input.hpp"

namespace v2x::store {
namespace {

std::string without_comments(std::istream& file) {
  std::string text, line;
  while (std::getline(file, line)) text += line.substr(0, line.find("--")) + "\n";
  return text;
}

std::vector<std::string> statements_of(const std::filesystem::path& path, const Dialect& dialect) {
  std::ifstream file(path);
  std::istringstream text(without_comments(file));
  std::vector<std::string> statements;
  std::string statement;
  while (std::getline(text, statement, ';')) {
    if (statement.find_first_not_of(" \n\t") == std::string::npos) continue;
    for (auto at = statement.find("$ID"); at != std::string::npos; at = statement.find("$ID"))
      statement.replace(at, 3, dialect.self_numbering_key);
    statements.push_back(statement);
  }
  return statements;
}

std::vector<std::filesystem::path> files_in(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory))
    if (entry.path().extension() == ".sql") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::set<std::string> applied(soci::session& session) {
  const soci::rowset<std::string> names = session.prepare << "SELECT name FROM migrations";
  return {names.begin(), names.end()};
}

/// Does nothing when another process was faster.
void apply(soci::session& session, const std::filesystem::path& file, const Dialect& dialect) {
  const std::string name = file.stem();
  try {
    SqlBegin begun(session, dialect.begin_write);
    if (applied(session).contains(name)) return;
    for (const auto& statement : statements_of(file, dialect)) session << statement;
    session << "INSERT INTO migrations (name) VALUES (:name)", soci::use(name);
    begun.commit();
  } catch (const soci::soci_error& error) {
    throw BadInput(fmt::format("{}: {}", file.string(), error.what()));
  }
}

void make_table(soci::session& session, const Dialect& dialect) {
  SqlBegin begun(session, dialect.begin_write);
  session << "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)";
  begun.commit();
}

}  // namespace

void migrate(soci::session& session, const std::filesystem::path& directory, const Dialect& dialect) {
  make_table(session, dialect);
  std::set<std::string> unknown = applied(session);
  for (const auto& file : files_in(directory))
    if (unknown.erase(file.stem()) == 0) apply(session, file, dialect);
  if (!unknown.empty())
    throw BadInput(
        fmt::format("{}: has no {}.sql, which this database was made with; expected the program that made it",
                    directory.string(), *unknown.begin()));
}

}  // namespace v2x::store
