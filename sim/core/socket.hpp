// A socket's descriptor with an owner.
#pragma once

#include <utility>

namespace v2x::core {

/// libmodbus waits with select(), which aborts at descriptor 1024: nothing opens one near it.
inline constexpr int kMostDescriptors = 1000;

class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() { close(); }
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept;

  int fd() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  void close();

 private:
  int fd_ = -1;
};

/// Throws BadInput that names `what` when the descriptor is -1 (with errno's reason) or kMostDescriptors or above.
Socket checked_socket(int fd, const char* what);

}  // namespace v2x::core
