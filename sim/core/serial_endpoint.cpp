#include "sim/core/serial_endpoint.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "common/bad_input.hpp"
#include "common/log.hpp"
#include "sim/core/serial_device.hpp"

namespace v2x::core {
namespace {

// UARTs and USB adapters hand characters over in batches (16 ms with many adapters), so the silence that ends a frame
// is longer here than t3.5 on the wire: default.
constexpr Duration kBatchPause = std::chrono::milliseconds(40);

}  // namespace

SerialEndpoint::SerialEndpoint(const std::string& device, Scheduler& scheduler, WaitSet& waits, BusLine& line)
    : scheduler_(scheduler), waits_(waits), line_(line) {
  if (device.empty()) {
    open_terminal();
  } else {
    path_ = device;
    port_ = open_serial_device(device, line_.options().serial);
  }
  wire_ = line.connect(port_.fd());
  waits_.add(port_.fd(), [this] { receive(); });
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

void SerialEndpoint::receive() {
  std::array<std::uint8_t, kLongestAdu> bytes;
  const auto received = ::read(port_.fd(), bytes.data(), bytes.size());
  if (received < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (received <= 0) {  // an adapter that was pulled would be ready for ever
    log::error("serial line {}: {}; its units are silent now", path_, received < 0 ? std::strerror(errno) : "ended");
    waits_.remove(port_.fd());
    wire_->fd = -1;
    return;
  }
  line_.receive(wire_, std::span(bytes).first(static_cast<size_t>(received)));
  silent_at_.reset();
  if (!line_.mid_frame(*wire_)) return;
  silent_at_ = scheduler_.now() + line_.options().serial.frame_gap() + kBatchPause;
  scheduler_.at(*silent_at_, [this] { end_frame(); });
}

/// Unless more has come meanwhile.
void SerialEndpoint::end_frame() {
  if (!silent_at_ || scheduler_.now() < *silent_at_) return;
  silent_at_.reset();
  line_.silence(wire_);
}

}  // namespace v2x::core
