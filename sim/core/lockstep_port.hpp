// A Modbus connection in virtual time: real frames through a socket pair, replies when the unit's turn-around is over.
#pragma once

#include <functional>
#include <memory>

#include "sim/core/modbus_port.hpp"
#include "sim/core/modbus_responder.hpp"
#include "sim/core/scheduler.hpp"
#include "sim/core/socket.hpp"
#include "sim/core/turnaround.hpp"

namespace v2x::core {

/// Everything happens on the kernel's thread: the master writes a request and calls request_sent(); after the
/// turn-around the unit is read, the reply lies in the master's socket and the handler runs. An unknown or silent unit
/// leaves the master waiting, in virtual time. A broken frame closes the connection: fd() is -1 from then on. What
/// slows, swallows or damages a reply belongs between Turnaround and ModbusResponder and is added here.
class LockstepPort final : public ModbusPort {
 public:
  /// `scheduler` and `responder` must outlive the port; what is still scheduled when it goes does nothing. Throws
  /// BadInput when the process has too many sockets.
  LockstepPort(Scheduler& scheduler, ModbusResponder& responder, Turnaround turnaround);

  int fd() const override { return master_.fd(); }
  void request_sent() override;
  void on_reply_pending(std::function<void()> handler) override { handler_ = std::move(handler); }

 private:
  void answer(const Adu& adu);

  Scheduler& scheduler_;
  ModbusResponder& responder_;
  Turnaround turnaround_;
  Socket master_;
  Socket slave_;
  TcpFramer framer_;
  std::function<void()> handler_;
  std::shared_ptr<LockstepPort*> self_;  ///< scheduled acts hold it weakly
};

}  // namespace v2x::core
