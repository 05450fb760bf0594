// Modbus TCP on a port: takes connections and hands their bytes to the bus behind it.
#pragma once

#include <memory>
#include <vector>

#include "sim/core/bus_line.hpp"
#include "sim/core/wait_set.hpp"

namespace v2x::core {

class TcpEndpoint {
 public:
  struct Options {
    std::uint16_t port = 0;                     ///< 0: any free one
    size_t max_connections = 4;                 // default, configurable; one more is accepted and closed at once
    Duration idle = std::chrono::seconds(120);  // default, configurable; then the connection is closed
  };

  /// Listens on 127.0.0.1. Throws BadInput when the port cannot be had. All that it refers to must outlive it, and
  /// `scheduler` and `waits` run nothing after it.
  TcpEndpoint(const Options& options, Scheduler& scheduler, WaitSet& waits, BusLine& line);

  std::uint16_t port() const { return port_; }

 private:
  struct Connection {
    Socket socket;
    Time last_heard;
    std::shared_ptr<BusLine::Peer> peer;
  };
  void accept_one();
  void receive(Connection& connection);
  void close(Connection& connection);
  void watch_idle();
  void close_idle();

  const Options options_;
  Scheduler& scheduler_;
  WaitSet& waits_;
  BusLine& line_;
  Socket listener_;
  std::uint16_t port_ = 0;
  std::vector<std::unique_ptr<Connection>> connections_;  ///< closed ones stay until the next is accepted
  bool watches_idle_ = false;
};

}  // namespace v2x::core
