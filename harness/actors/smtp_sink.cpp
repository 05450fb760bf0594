#include "harness/actors/smtp_sink.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "common/bad_input.hpp"

namespace v2x::actors {
namespace {

constexpr int kBacklog = 16;

bool send_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

}  // namespace

SmtpSink::SmtpSink(int port)
    : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), wake_(eventfd(0, EFD_CLOEXEC)) {
  const int on = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, kBacklog) != 0) {
    close(listener_);
    close(wake_);
    throw BadInput("127.0.0.1:" + std::to_string(port) + ": cannot listen for mail, expected a free port");
  }
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
  pthread_setname_np(thread_.native_handle(), "smtp-sink");
}

SmtpSink::~SmtpSink() {
  const std::uint64_t one = 1;
  if (write(wake_, &one, sizeof one) == sizeof one) thread_.join();
  for (const auto& [fd, conversation] : open_) close(fd);
  close(listener_);
  close(wake_);
}

std::vector<RawMail> SmtpSink::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(mails_, {});
}

void SmtpSink::serve() {
  for (;;) {
    std::vector<pollfd> waits{{wake_, POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const auto& [fd, conversation] : open_) waits.push_back({fd, POLLIN, 0});
    if (poll(waits.data(), waits.size(), -1) < 0) continue;  // a signal
    if (waits[0].revents != 0) return;
    if (waits[1].revents != 0) accept_one();
    for (size_t i = 2; i < waits.size(); ++i) {
      if (waits[i].revents == 0 || talk(waits[i].fd, open_[waits[i].fd])) continue;
      close(waits[i].fd);
      open_.erase(waits[i].fd);
    }
  }
}

void SmtpSink::accept_one() {
  const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (fd < 0) return;
  if (send_all(fd, SmtpConversation::greeting())) {
    open_[fd];
  } else {
    close(fd);
  }
}

bool SmtpSink::talk(int fd, SmtpConversation& conversation) {
  std::array<char, 16384> buffer;
  const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
  if (got <= 0) return false;
  const std::string replies = conversation.feed({buffer.data(), static_cast<size_t>(got)});
  {
    // Kept before it is acknowledged: who has seen the 250 finds the mail here.
    const std::lock_guard lock(mutex_);
    for (RawMail& mail : conversation.take()) mails_.push_back(std::move(mail));
  }
  return send_all(fd, replies) && !conversation.over();
}

}  // namespace v2x::actors
