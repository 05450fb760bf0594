// What an operator does without the service running: gateways import, gateways make, mails show.
#pragma once

#include <filesystem>

#include "backend/app/options.hpp"

namespace v2x::app {

/// Loads lines of "gateway_id,password,curve_public_key" (a heading is skipped; a password may be an argon2id hash).
/// All or nothing. Throws BadInput with the place of the first bad line.
void import_gateways(const BackendOptions& options, const std::filesystem::path& list);

/// Writes gateways.csv and one secret key file (0600) per gateway, for simulation.
void make_gateways(int count, const std::filesystem::path& directory);

/// Prints the trail of mail decisions, one line each.
void show_mails(const BackendOptions& options);

}  // namespace v2x::app
