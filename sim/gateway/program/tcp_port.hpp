// Modbus TCP to one unit: connects, connects again, and never blocks.
#pragma once

#include <netinet/in.h>

#include <functional>
#include <string>

#include "common/result.hpp"
#include "sim/core/modbus_port.hpp"
#include "sim/core/socket.hpp"
#include "sim/gateway/program/answer_watch.hpp"
#include "sim/gateway/program/bus_link.hpp"

namespace v2x::gateway::program {

struct TcpAddress {
  sockaddr_storage socket{};
  socklen_t size = 0;
};
/// "192.168.1.20:502" or "[fe80::1]:502": names are not looked up, that would block.
Result<TcpAddress> parse_tcp_address(const std::string& text);

/// One connection for one unit, so that a slow unit holds up no other. Belongs to the program's thread.
class TcpPort final : public core::ModbusPort, public BusLink {
 public:
  TcpPort(const TcpAddress& address, AnswerWatch watch) : address_(address), watch_(std::move(watch)) {}

  int fd() override { return connected_ ? socket_.fd() : -1; }
  void request_sent() override;
  void on_reply_pending(std::function<void()> handler) override { handler_ = std::move(handler); }

  void add_waits(std::vector<pollfd>& waits) override;
  void serve(std::span<const pollfd> ready, SteadyTime now) override;
  std::optional<SteadyTime> next_deadline() const override;
  bool is_up() const override { return connected_; }

 private:
  void connect(SteadyTime now);
  void finish_connecting(SteadyTime now);
  void read(SteadyTime now);
  void fail(SteadyTime now, const std::string& reason);

  TcpAddress address_;
  AnswerWatch watch_;
  std::function<void()> handler_;
  core::Socket socket_;
  bool connected_ = false;
  std::optional<SteadyTime> give_up_;  ///< while it connects
  SteadyTime retry_{};                 ///< not before
  std::chrono::milliseconds pause_{};  ///< before the next try
  std::optional<SteadyTime> rest_;     ///< half a frame is there: not asked again until then
};

}  // namespace v2x::gateway::program
