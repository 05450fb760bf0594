// The recipe of each kind of database server.
#pragma once

#include <memory>
#include <string>

#include "harness/world/database_server.hpp"

namespace v2x::world {

std::unique_ptr<ServerRecipe> server_recipe(ServerKind kind);
/// Of a PostgreSQL that follows the one at `primary_url`.
std::unique_ptr<ServerRecipe> standby_recipe(const std::string& primary_url);

}  // namespace v2x::world
