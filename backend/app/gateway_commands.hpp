// What an operator does to gateways: the factory's list, keys, release.
#pragma once

#include <filesystem>
#include <string>

#include "backend/app/options.hpp"

namespace v2x::app {

/// Loads lines of "gateway_id,password,curve_public_key" (a heading is skipped; a password may be an argon2id hash).
/// All or nothing. Throws BadInput with the place of the first bad line.
void import_gateways(const BackendOptions& options, const std::filesystem::path& list);

/// Writes gateways.csv and one secret key file (0600) per gateway, for simulation.
void make_gateways(int count, const std::filesystem::path& directory);

/// Another key for a gateway that has lost its own. Throws BadInput when the gateway is unknown or the key isn't new.
void add_gateway_key(const BackendOptions& options, const std::string& gateway_id, const std::string& public_key);
/// From the next frame on nothing more is accepted from this key (SEC-14). Throws BadInput when it is not in use.
void revoke_gateway_key(const BackendOptions& options, const std::string& public_key);

/// Ends the ownership as the owner's own release does (GW-10). Throws BadInput when nobody owns it.
void release_gateway(const BackendOptions& options, const std::string& gateway_id);

/// Prints what is known of a gateway: device, keys, owner, links. Throws BadInput when it is unknown.
void show_gateway(const BackendOptions& options, const std::string& gateway_id);

}  // namespace v2x::app
