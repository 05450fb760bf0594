#include "sim/core/serial_endpoint.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "common/bad_input.hpp"

namespace v2x::core {
namespace {

// UARTs and USB adapters hand characters over in batches (16 ms with many adapters), so the silence that ends a frame
// is longer here than t3.5 on the wire: default.
constexpr Duration kBatchPause = std::chrono::milliseconds(40);

[[noreturn]] void refuse(const std::string& path, const char* expected) {
  throw BadInput(fmt::format("serial line {}: {}, expected {}", path, std::strerror(errno), expected));
}

std::optional<speed_t> speed_of(int baud) {
  switch (baud) {
    case 1200:
      return B1200;
    case 2400:
      return B2400;
    case 4800:
      return B4800;
    case 9600:
      return B9600;
    case 19200:
      return B19200;
    case 38400:
      return B38400;
    case 57600:
      return B57600;
    case 115200:
      return B115200;
    default:
      return std::nullopt;
  }
}

void set_up(int fd, const SerialFormat& format, const std::string& path) {
  termios settings{};
  if (::tcgetattr(fd, &settings) != 0) refuse(path, "a serial device");
  ::cfmakeraw(&settings);
  settings.c_cflag |= CLOCAL | CREAD;
  settings.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | PARENB | PARODD | CRTSCTS);
  if (format.stop_bits == 2) settings.c_cflag |= CSTOPB;
  if (format.parity != 'N') settings.c_cflag |= PARENB;
  if (format.parity == 'O') settings.c_cflag |= PARODD;
  const auto speed = speed_of(format.baud);
  if (!speed) throw BadInput(fmt::format("serial line {}: {} baud, expected 1200 to 115200", path, format.baud));
  ::cfsetspeed(&settings, *speed);
  if (::tcsetattr(fd, TCSANOW, &settings) != 0) refuse(path, "a device that takes these settings");
}

}  // namespace

SerialEndpoint::SerialEndpoint(const std::string& device, Scheduler& scheduler, BusLine& line)
    : scheduler_(scheduler), line_(line) {
  if (device.empty())
    open_terminal();
  else
    open_device(device);
  wire_ = line.connect(port_.fd());
}

void SerialEndpoint::open_terminal() {
  const int fd = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  port_ = checked_socket(fd, "pseudo-terminal");
  std::array<char, 64> name;
  if (::grantpt(fd) != 0 || ::unlockpt(fd) != 0 || ::ptsname_r(fd, name.data(), name.size()) != 0)
    refuse("of a new pseudo-terminal", "one");
  path_ = name.data();
  other_end_ = checked_socket(::open(path_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC), "pseudo-terminal");
  set_up(other_end_.fd(), line_.options().serial, path_);
}

void SerialEndpoint::open_device(const std::string& device) {
  path_ = device;
  const int fd = ::open(device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) refuse(device, "a serial device that this user may open");
  port_ = checked_socket(fd, "serial line");
  set_up(fd, line_.options().serial, path_);
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
