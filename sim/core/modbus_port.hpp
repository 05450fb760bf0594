// The seam between a Modbus master and what carries its bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

namespace v2x::core {

/// A connection for ADUs of one master. In lockstep it is one end of a socket pair whose other end is pumped in
/// virtual time; on the wall clock it is a TCP socket or a serial device. Belongs to the master's thread.
class ModbusPort {
 public:
  virtual ~ModbusPort() = default;
  /// The descriptor that replies are read from, and where a master may write requests; -1 while there is no connection.
  virtual int fd() = 0;
  /// To be called after a whole request was written to fd().
  virtual void request_sent() = 0;
  /// Both for a whole request; false when there is no connection or it takes no bytes. The reply may be there before it
  /// returns.
  virtual bool send(std::span<const std::uint8_t> request);
  /// Called (in lockstep: in virtual time, after turn-around) when reply bytes are pending on fd().
  virtual void on_reply_pending(std::function<void()> handler) = 0;
};

}  // namespace v2x::core
