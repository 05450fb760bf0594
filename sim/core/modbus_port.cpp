#include "sim/core/modbus_port.hpp"

#include <sys/socket.h>

namespace v2x::core {

bool ModbusPort::send(std::span<const std::uint8_t> request) {
  const int to = fd();
  if (to < 0) return false;
  const ssize_t sent = ::send(to, request.data(), request.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(request.size())) return false;
  request_sent();
  return true;
}

}  // namespace v2x::core
