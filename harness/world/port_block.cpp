#include "harness/world/port_block.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>

#include "common/bad_input.hpp"

namespace v2x::world {
namespace {

constexpr int kLowest = 20000;          // above what services use by default
constexpr int kUsualEphemeral = 32768;  // Linux: net.ipv4.ip_local_port_range

/// Where the kernel's own choice of ports begins: a port above it may be taken by any outgoing connection.
int ephemeral_begin() {
  std::ifstream in("/proc/sys/net/ipv4/ip_local_port_range");
  int low = 0;
  return in >> low ? low : kUsualEphemeral;
}

bool all_free(int first) {
  for (int i = 0; i < PortBlock::kSize; ++i)
    if (!port_is_free(first + i)) return false;
  return true;
}

}  // namespace

bool port_is_free(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool free = bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return free;
}

std::filesystem::path PortBlock::default_locks() {
  return std::filesystem::temp_directory_path() / ("v2x-ports-" + std::to_string(getuid()));
}

PortBlock::PortBlock(const std::filesystem::path& locks) {
  std::filesystem::create_directories(locks);
  const int end = ephemeral_begin();
  for (first_ = kLowest; first_ + kSize <= end; first_ += kSize) {
    const auto file = locks / (std::to_string(first_) + ".lock");
    lock_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock_ < 0) continue;
    if (flock(lock_, LOCK_EX | LOCK_NB) == 0 && all_free(first_)) return;
    close(lock_);
  }
  throw BadInput(locks.string() + ": no free ports between " + std::to_string(kLowest) + " and " + std::to_string(end));
}

PortBlock::~PortBlock() {
  close(lock_);
}

}  // namespace v2x::world
