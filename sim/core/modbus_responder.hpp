// Answers whole Modbus requests for one or more units. libmodbus makes the reply frames.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>

#include "sim/core/modbus_frame.hpp"
#include "sim/core/modbus_unit.hpp"

namespace v2x::core {

/// Speaks Modbus TCP framing; another framing needs its own libmodbus context and its own cutter of frames, the checks
/// stay. Never blocks: libmodbus' modbus_reply() sleeps on what it refuses itself, so everything is checked before it
/// is called. Belongs to one thread; units must outlive it.
class ModbusResponder {
 public:
  enum class Outcome {
    replied,
    silent,  ///< nobody answers under this unit id
    lost,    ///< the peer takes no bytes any more
  };

  ModbusResponder();
  ~ModbusResponder();
  ModbusResponder(const ModbusResponder&) = delete;
  ModbusResponder& operator=(const ModbusResponder&) = delete;

  void add(std::uint8_t unit_id, ModbusUnit& unit);
  /// Reads or writes the unit now and sends the reply to `fd`. `adu` is whole (TcpFramer).
  Outcome answer(int fd, const Adu& adu);

 private:
  ModbusException execute(ModbusUnit& unit, const ModbusRequest& request);
  Outcome refuse(const Adu& adu, ModbusException exception);
  Outcome reply(const Adu& adu, const ModbusRequest& request);

  struct Libmodbus;
  std::unique_ptr<Libmodbus> libmodbus_;
  std::map<std::uint8_t, ModbusUnit*> units_;
};

}  // namespace v2x::core
