// Answers whole Modbus requests. libmodbus makes the reply frames.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "sim/core/modbus_frame.hpp"
#include "sim/core/modbus_unit.hpp"

namespace v2x::core {

/// Never blocks: libmodbus' modbus_reply() sleeps on what it refuses itself, so everything is checked before it is
/// called. Belongs to one thread. Who is addressed is the caller's business (BusLine).
class ModbusResponder {
 public:
  explicit ModbusResponder(Framing framing = Framing::tcp);
  ~ModbusResponder();
  ModbusResponder(const ModbusResponder&) = delete;
  ModbusResponder& operator=(const ModbusResponder&) = delete;

  Framing framing() const { return framing_; }
  /// Reads or writes `unit` now and sends the reply to `fd`. `adu` is whole (RequestFramer). False when the peer takes
  /// no bytes any more.
  bool answer(int fd, const Adu& adu, ModbusUnit& unit);
  /// Sends an exception instead.
  bool refuse(int fd, const Adu& adu, ModbusException exception);

 private:
  ModbusException execute(ModbusUnit& unit, const ModbusRequest& request);
  bool reply(const Adu& adu, const ModbusRequest& request);

  struct Libmodbus;
  Framing framing_;
  std::unique_ptr<Libmodbus> libmodbus_;
};

}  // namespace v2x::core
