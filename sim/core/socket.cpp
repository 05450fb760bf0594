#include "sim/core/socket.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "common/bad_input.hpp"

namespace v2x::core {

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void Socket::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Socket checked_socket(int fd, const char* what) {
  if (fd < 0) throw BadInput(fmt::format("{}: {}", what, std::strerror(errno)));
  Socket socket(fd);
  if (fd >= kMostDescriptors)
    throw BadInput(
        fmt::format("{}: this process has {} descriptors open, expected fewer than {}; use fewer sites in one process",
                    what, fd, kMostDescriptors));
  return socket;
}

}  // namespace v2x::core
