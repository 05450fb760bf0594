// Brings a registry's schema up to date: runs the numbered files of migrations/ that it hasn't seen, in order.
#pragma once

#include <soci/soci.h>

#include <filesystem>

#include "backend/store/dialect.hpp"

namespace v2x::store {

/// Each file in a transaction of its own. Throws BadInput when a file is wrong or when the database knows a migration
/// that `directory` lacks (a newer program made it).
void migrate(soci::session& session, const std::filesystem::path& directory, const Dialect& dialect);

}  // namespace v2x::store
