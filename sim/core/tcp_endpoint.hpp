// Modbus TCP on a port: takes connections and hands their bytes to the bus behind it.
#pragma once

#include <memory>
#include <vector>

#include "sim/core/modbus_endpoint.hpp"

namespace v2x::core {

class TcpEndpoint final : public ModbusEndpoint {
 public:
  struct Options {
    std::uint16_t port = 0;                     ///< 0: any free one
    size_t max_connections = 4;                 // default, configurable; one more is accepted and closed at once
    Duration idle = std::chrono::seconds(120);  // default, configurable; then the connection is closed
  };

  /// Listens on 127.0.0.1. Throws BadInput when the port cannot be had. `line` must outlive it.
  TcpEndpoint(const Options& options, Scheduler& scheduler, BusLine& line);

  std::uint16_t port() const { return port_; }
  void add_waits(std::vector<pollfd>& waits) override;
  void serve(std::span<const pollfd> ready) override;
  Time next_deadline() const override;

 private:
  struct Connection {
    Socket socket;
    Time last_heard;
    std::shared_ptr<BusLine::Peer> peer;
  };
  void accept_one();
  void receive(Connection& connection);
  void drop_idle();

  const Options options_;
  Scheduler& scheduler_;
  BusLine& line_;
  Socket listener_;
  std::uint16_t port_ = 0;
  std::vector<std::unique_ptr<Connection>> connections_;  // stay where they are: their peers know them
};

}  // namespace v2x::core
