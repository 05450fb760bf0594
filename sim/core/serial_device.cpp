#include "sim/core/serial_device.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <termios.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "common/bad_input.hpp"

namespace v2x::core {
namespace {

constexpr std::array<std::pair<int, speed_t>, 8> kSpeeds{{{1200, B1200},
                                                          {2400, B2400},
                                                          {4800, B4800},
                                                          {9600, B9600},
                                                          {19200, B19200},
                                                          {38400, B38400},
                                                          {57600, B57600},
                                                          {115200, B115200}}};

[[noreturn]] void refuse(const std::string& path, const char* expected) {
  throw BadInput(fmt::format("serial line {}: {}, expected {}", path, std::strerror(errno), expected));
}

speed_t speed_of(int baud, const std::string& path) {
  for (const auto& [known, speed] : kSpeeds)
    if (known == baud) return speed;
  throw BadInput(fmt::format("serial line {}: {} baud, expected 1200 to 115200", path, baud));
}

}  // namespace

Socket open_serial_device(const std::string& path, const SerialFormat& format) {
  const int fd = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) refuse(path, "a serial device that this user may open");
  Socket device = checked_socket(fd, "serial line");
  termios settings{};
  if (::tcgetattr(fd, &settings) != 0) refuse(path, "a serial device");
  ::cfmakeraw(&settings);
  settings.c_cflag |= CLOCAL | CREAD;
  settings.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | PARENB | PARODD | CRTSCTS);
  if (format.stop_bits == 2) settings.c_cflag |= CSTOPB;
  if (format.parity != 'N') settings.c_cflag |= PARENB;
  if (format.parity == 'O') settings.c_cflag |= PARODD;
  ::cfsetspeed(&settings, speed_of(format.baud, path));
  if (::tcsetattr(fd, TCSANOW, &settings) != 0) refuse(path, "a device that takes these settings");
  return device;
}

SerialFormat read_serial_format(const yaml::Node& node) {
  SerialFormat format;
  std::vector<std::string> bauds;
  for (const auto& [baud, speed] : kSpeeds) bauds.push_back(std::to_string(baud));
  if (node.has("baud")) format.baud = std::stoi(node.at("baud").word(bauds, "baud rate"));
  if (!node.has("format")) return format;
  const std::string word = node.at("format").word({"8N1", "8N2", "8E1", "8E2", "8O1", "8O2"}, "serial format");
  format.parity = word[1];
  format.stop_bits = word[2] - '0';
  return format;
}

}  // namespace v2x::core
