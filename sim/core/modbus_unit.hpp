// One addressable Modbus unit, as a responder sees it.
#pragma once

#include <cstdint>
#include <span>

#include "sim/core/device.hpp"

namespace v2x::core {

enum class UnitPhase { awake, starting, asleep };

/// What the bus notices of a unit's life.
struct UnitLife {
  UnitPhase phase = UnitPhase::awake;
  std::uint32_t boots = 0;  ///< restarts so far
};

/// Belongs to the thread of the responder that serves it.
class ModbusUnit {
 public:
  virtual ~ModbusUnit() = default;
  /// False: the unit gives no sign of life now (no supply, cut line), requests to it stay without a reply.
  virtual bool answers() const = 0;
  virtual bool allows(int function) const = 0;
  virtual UnitLife life() const { return {}; }
  /// All registers of one read are of one instant. `illegal_data_address` when the range is not readable.
  virtual ModbusException read(std::uint16_t first, std::span<std::uint16_t> out) = 0;
  /// Checked whole, then applied whole.
  virtual ModbusException write(std::uint16_t first, std::span<const std::uint16_t> values) = 0;
};

}  // namespace v2x::core
