// The service's CURVE key pair: made at the first start, the secret readable by its user only (SEC-14).
#pragma once

#include <filesystem>

#include "common/messaging.hpp"

namespace v2x::app {

/// Files server.key (secret, 0600) and server.pub in `directory`. Throws BadInput when they cannot be read or made.
CurveKeyPair load_or_make_server_keys(const std::filesystem::path& directory);

/// Writes a file that only its user may read, from its first byte on.
void write_secret(const std::filesystem::path& file, const std::string& text);

}  // namespace v2x::app
