#include "sim/core/modbus_server.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>

#include <algorithm>

namespace v2x::core {

ModbusServer::ModbusServer() : stop_(checked_socket(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "Modbus stop event")) {}

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
  auto endpoint = std::make_unique<TcpEndpoint>(port, queue_, add_line(bus, units));
  const std::uint16_t taken = endpoint->port();
  endpoints_.push_back(std::move(endpoint));
  return taken;
}

std::string ModbusServer::add_serial(const std::string& device, const BusOptions& bus, const std::vector<Unit>& units) {
  auto endpoint = std::make_unique<SerialEndpoint>(device, queue_, add_line(bus, units));
  const std::string path = endpoint->path();
  endpoints_.push_back(std::move(endpoint));
  return path;
}

void ModbusServer::start() {
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "modbus");
}

void ModbusServer::run() {
  std::vector<pollfd> waits;
  std::vector<size_t> begins;
  for (;;) {
    waits.assign({{stop_.fd(), POLLIN, 0}});
    begins.clear();
    for (const auto& endpoint : endpoints_) {
      begins.push_back(waits.size());
      endpoint->add_waits(waits);
    }
    begins.push_back(waits.size());
    const timespec left = time_left();
    ::ppoll(waits.data(), waits.size(), &left, nullptr);
    if (waits[0].revents != 0) return;
    queue_.run_due();
    for (size_t i = 0; i < endpoints_.size(); ++i)
      endpoints_[i]->serve(std::span(waits).subspan(begins[i], begins[i + 1] - begins[i]));
  }
}

timespec ModbusServer::time_left() const {
  constexpr Duration kLongest = std::chrono::hours(1);
  Time next = queue_.next();
  for (const auto& endpoint : endpoints_) next = std::min(next, endpoint->next_deadline());
  const Time now = queue_.now();
  const Duration left = next <= now ? Duration(0) : next == Time::max() ? kLongest : std::min(kLongest, next - now);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
  return {seconds.count(), std::chrono::nanoseconds(left - seconds).count()};
}

}  // namespace v2x::core
