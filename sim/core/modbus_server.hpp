// Modbus on the wall clock, for masters outside of this process: a real gateway, mbpoll, any SunSpec client.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "sim/core/serial_endpoint.hpp"
#include "sim/core/tcp_endpoint.hpp"
#include "sim/core/wait_set.hpp"
#include "sim/core/wall_queue.hpp"

namespace v2x::core {

/// Add endpoints, then start(). Thread "modbus": takes bytes from all of them and answers when each reply is due. A
/// write holds the thread until the kernel has decided. Units and conducts must outlive the server.
class ModbusServer {
 public:
  struct Unit {
    std::uint8_t unit_id = 1;
    ModbusUnit* unit = nullptr;
    UnitConduct* conduct = nullptr;
  };

  ModbusServer();
  ~ModbusServer();  ///< closes everything and joins

  /// The port that it listens on. Throws BadInput when it cannot be had.
  std::uint16_t add_tcp(const TcpEndpoint::Options& port, const BusOptions& bus, const std::vector<Unit>& units);
  /// What a master opens. `device` empty: a pseudo-terminal.
  std::string add_serial(const std::string& device, const BusOptions& bus, const std::vector<Unit>& units);
  void start();

 private:
  BusLine& add_line(const BusOptions& bus, const std::vector<Unit>& units);
  void run();
  Duration time_left() const;

  WallQueue queue_;
  WaitSet waits_;
  std::vector<std::unique_ptr<BusLine>> lines_;
  std::vector<std::unique_ptr<TcpEndpoint>> ports_;
  std::vector<std::unique_ptr<SerialEndpoint>> serial_lines_;
  Socket stop_;  ///< eventfd; readable: leave run()
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace v2x::core
