#include "sim/core/serial_endpoint.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "common/bad_input.hpp"
#include "sim/core/serial_device.hpp"

namespace v2x::core {
namespace {

// UARTs and USB adapters hand characters over in batches (16 ms with many adapters), so the silence that ends a frame
// is longer here than t3.5 on the wire: default.
constexpr Duration kBatchPause = std::chrono::milliseconds(40);

}  // namespace

SerialEndpoint::SerialEndpoint(const std::string& device, Scheduler& scheduler, BusLine& line)
    : scheduler_(scheduler), line_(line) {
  if (device.empty()) {
    open_terminal();
  } else {
    path_ = device;
    port_ = open_serial_device(device, line_.options().serial);
  }
  wire_ = line.connect(port_.fd());
}

void SerialEndpoint::open_terminal() {
  const int fd = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  port_ = checked_socket(fd, "pseudo-terminal");
  std::array<char, 64> name;
  if (::grantpt(fd) != 0 || ::unlockpt(fd) != 0 || ::ptsname_r(fd, name.data(), name.size()) != 0)
    throw BadInput(fmt::format("a new pseudo-terminal: {}, expected one", std::strerror(errno)));
  path_ = name.data();
  other_end_ = open_serial_device(path_, line_.options().serial);
}

void SerialEndpoint::add_waits(std::vector<pollfd>& waits) {
  waits.push_back({port_.fd(), POLLIN, 0});
}

void SerialEndpoint::serve(std::span<const pollfd> ready) {
  if (silent_at_ && scheduler_.now() >= *silent_at_) {
    silent_at_.reset();
    line_.silence(wire_);
  }
  if ((ready[0].revents & POLLIN) == 0) return;
  std::array<std::uint8_t, kLongestAdu> bytes;
  const auto received = ::read(port_.fd(), bytes.data(), bytes.size());
  if (received <= 0) return;
  line_.receive(wire_, std::span(bytes).first(static_cast<size_t>(received)));
  silent_at_.reset();
  if (line_.mid_frame(*wire_)) silent_at_ = scheduler_.now() + line_.options().serial.frame_gap() + kBatchPause;
}

Time SerialEndpoint::next_deadline() const {
  return silent_at_.value_or(Time::max());
}

}  // namespace v2x::core
