#include "sim/core/modbus_server.hpp"

#include <pthread.h>
#include <sys/eventfd.h>

#include <algorithm>

namespace v2x::core {

ModbusServer::ModbusServer() : stop_(checked_socket(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "Modbus stop event")) {
  waits_.add(stop_.fd(), [this] { stopping_ = true; });
}

ModbusServer::~ModbusServer() {
  eventfd_write(stop_.fd(), 1);
  if (thread_.joinable()) thread_.join();
}

BusLine& ModbusServer::add_line(const BusOptions& bus, const std::vector<Unit>& units) {
  lines_.push_back(std::make_unique<BusLine>(queue_, bus));
  for (const Unit& unit : units) lines_.back()->add(unit.unit_id, *unit.unit, *unit.conduct);
  return *lines_.back();
}

std::uint16_t ModbusServer::add_tcp(const TcpEndpoint::Options& port, const BusOptions& bus,
                                    const std::vector<Unit>& units) {
  ports_.push_back(std::make_unique<TcpEndpoint>(port, queue_, waits_, add_line(bus, units)));
  return ports_.back()->port();
}

std::string ModbusServer::add_serial(const std::string& device, const BusOptions& bus, const std::vector<Unit>& units) {
  serial_lines_.push_back(std::make_unique<SerialEndpoint>(device, queue_, waits_, add_line(bus, units)));
  return serial_lines_.back()->path();
}

void ModbusServer::start() {
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "modbus");
}

void ModbusServer::run() {
  while (!stopping_) {
    waits_.wait(time_left());
    queue_.run_due();
  }
}

Duration ModbusServer::time_left() const {
  constexpr Duration kLongest = std::chrono::hours(1);
  const Time next = queue_.next();
  if (next == Time::max()) return kLongest;
  return std::clamp(next - queue_.now(), Duration(0), kLongest);
}

}  // namespace v2x::core
