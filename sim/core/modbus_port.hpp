// The seam between a Modbus master (libmodbus in the gateway) and what carries its bytes.
#pragma once

#include <functional>

namespace v2x::core {

/// A connection for ADUs of one master. In lockstep it is one end of a socket pair whose other end is pumped in
/// virtual time; on the wall clock it is a TCP socket or a serial device. Belongs to the master's thread.
class ModbusPort {
 public:
  virtual ~ModbusPort() = default;
  /// The descriptor libmodbus reads and writes (modbus_set_socket); -1 while there is no connection.
  virtual int fd() = 0;
  /// To be called after a whole request was written to fd().
  virtual void request_sent() = 0;
  /// Called (in lockstep: in virtual time, after turn-around) when reply bytes are pending on fd().
  virtual void on_reply_pending(std::function<void()> handler) = 0;
};

}  // namespace v2x::core
