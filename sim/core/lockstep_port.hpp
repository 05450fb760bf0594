// A Modbus connection in virtual time: real frames through a socket pair, replies when they are due.
#pragma once

#include <functional>
#include <memory>

#include "sim/core/bus_line.hpp"
#include "sim/core/modbus_port.hpp"

namespace v2x::core {

/// Everything happens on the kernel's thread: the master writes a request and calls request_sent(); when the bus has
/// taken its time the unit is read, the reply lies in the master's socket and the handler runs. An unknown or silent
/// unit leaves the master waiting, in virtual time. The first fd() opens the connection. A broken frame, or a unit that
/// refuses connections, closes it; the next fd() opens another one, and throws BadInput when the process has too many
/// sockets.
class LockstepPort final : public ModbusPort {
 public:
  /// `line` must outlive the port; what is still scheduled when it goes does nothing.
  explicit LockstepPort(BusLine& line) : line_(line) {}

  int fd() override;
  void request_sent() override;
  /// Handed to the bus as it is: a request of a master on this thread needs no way through the socket.
  bool send(std::span<const std::uint8_t> request) override;
  void on_reply_pending(std::function<void()> handler) override { handler_ = std::move(handler); }

 private:
  void connect();

  BusLine& line_;
  Socket master_;
  Socket slave_;
  std::shared_ptr<BusLine::Peer> peer_;
  std::function<void()> handler_;
};

}  // namespace v2x::core
