// Modbus TCP on the wall clock, for masters outside of this process: a real gateway, mbpoll, any SunSpec client.
#pragma once

#include <cstdint>
#include <thread>
#include <vector>

#include "common/clock.hpp"
#include "sim/core/modbus_responder.hpp"
#include "sim/core/socket.hpp"

namespace v2x::core {

/// Listens on 127.0.0.1. Thread "modbus": accepts, cuts requests out of the byte streams and answers them one by one,
/// as soon as they are there: on the wall clock a unit has no turn-around of its own. A write holds the thread until
/// the kernel has decided. Units must outlive the server.
class ModbusTcpServer {
 public:
  struct Unit {
    std::uint8_t unit_id = 1;
    ModbusUnit* unit = nullptr;
  };
  struct Options {
    std::uint16_t port = 0;                     ///< 0: any free one
    size_t max_connections = 4;                 // default, configurable; one more is accepted and closed at once
    Duration idle = std::chrono::seconds(120);  // default, configurable; then the connection is closed
  };

  /// Throws BadInput when the port cannot be had. Requests to other unit ids stay without a reply.
  ModbusTcpServer(const Options& options, const std::vector<Unit>& units);
  ~ModbusTcpServer();  ///< closes all connections and joins

  std::uint16_t port() const { return port_; }

 private:
  struct Connection {
    Socket socket;
    TcpFramer framer;
    SteadyTime last_heard;
  };

  void run();
  int next_timeout_ms() const;
  void accept_one();
  void serve(Connection& connection);
  void drop_idle();

  const Options options_;
  Socket listener_;
  Socket stop_;  ///< eventfd; readable: leave run()
  std::uint16_t port_ = 0;
  ModbusResponder responder_;            // modbus thread
  std::vector<Connection> connections_;  // modbus thread
  std::thread thread_;
};

}  // namespace v2x::core
