// Serial devices as a master and a unit open them, and the format that a file gives them.
#pragma once

#include <string>

#include "common/yaml.hpp"
#include "sim/core/bus_line.hpp"
#include "sim/core/socket.hpp"

namespace v2x::core {

/// Raw and without blocking. Throws BadInput when this user can't open it or it doesn't take the format.
Socket open_serial_device(const std::string& path, const SerialFormat& format);

/// The keys `baud` and `format` ("8N1": data bits, parity, stop bits) of a map; what is absent keeps its default.
SerialFormat read_serial_format(const yaml::Node& node);

}  // namespace v2x::core
