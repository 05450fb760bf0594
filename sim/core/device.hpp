// What a bus sees of a device: its quantities, and writes to some of them.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "sim/core/quantity_table.hpp"

namespace v2x::core {

/// One point of a write request, already checked against the map's limits.
struct QuantityWrite {
  Slot slot = 0;
  double value = 0;        ///< physical unit, or the index of a word
  std::string_view group;  ///< the map's `group`; restarts that group's revert timer
};

/// Modbus exception codes (Modbus Application Protocol V1.1b3 §7); `none` is success.
enum class ModbusException : std::uint8_t {
  none = 0,
  illegal_function = 1,
  illegal_data_address = 2,
  illegal_data_value = 3,
  device_failure = 4,
  busy = 6,
  gateway_path_unavailable = 0x0A,
  gateway_no_response = 0x0B,
};

/// Lives on the kernel's thread.
class Device {
 public:
  virtual ~Device() = default;
  /// Asked once for every read, so that a device may bring what only a reader notices (heartbeat, clock) up to date.
  virtual const QuantityTable& quantities() const = 0;
  /// The same, but what grows between two changes may lag: for who looks at a state or a switch only.
  virtual const QuantityTable& states() const { return quantities(); }
  /// All of one request take effect together, or none: `device_failure` when refused now, `illegal_data_value` for a
  /// limit that the map cannot express.
  virtual ModbusException write(std::span<const QuantityWrite> writes) = 0;
};

}  // namespace v2x::core
