// Stream ids: 32 hexadecimal characters everywhere, 16 bytes in the tables of telemetry.
#pragma once

#include <string>
#include <string_view>

namespace v2x::store {

std::string bytes_of_hex(std::string_view hex);
std::string hex_of_bytes(std::string_view bytes);

}  // namespace v2x::store
