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

SmtpSink::SmtpSink(int port) : wake_(eventfd(0, EFD_CLOEXEC)), port_(port) {
  open_port();
  thread_ = std::thread([this] { serve(); });
  pthread_setname_np(thread_.native_handle(), "smtp-sink");
}

SmtpSink::~SmtpSink() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake();
  thread_.join();
  close_port();
  close(wake_);
}

void SmtpSink::open_port() {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port_));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, kBacklog) != 0) {
    close(std::exchange(listener_, -1));
    throw BadInput("127.0.0.1:" + std::to_string(port_) + ": cannot listen for mail, expected a free port");
  }
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
}

void SmtpSink::close_port() {
  for (const auto& [fd, conversation] : open_) close(fd);
  open_.clear();
  if (listener_ >= 0) close(std::exchange(listener_, -1));
}

void SmtpSink::wake() {
  const std::uint64_t one = 1;
  while (write(wake_, &one, sizeof one) < 0) {
  }
}

void SmtpSink::behave(const SmtpConduct& conduct) {
  std::unique_lock lock(mutex_);
  wanted_ = conduct;
  wake();
  obeyed_.wait(lock, [this] { return !wanted_; });
}

bool SmtpSink::obey() {
  std::uint64_t count = 0;
  if (read(wake_, &count, sizeof count) < 0) return true;
  const std::lock_guard lock(mutex_);
  if (ending_) return false;
  if (!wanted_) return true;
  conduct_ = *std::exchange(wanted_, std::nullopt);
  close_port();  // a server that changed its mind was started anew
  if (conduct_.kind != SmtpKind::down) open_port();
  obeyed_.notify_all();
  return true;
}

std::vector<RawMail> SmtpSink::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(mails_, {});
}

void SmtpSink::serve() {
  for (;;) {
    std::vector<pollfd> waits{{wake_, POLLIN, 0}, {listener_, POLLIN, 0}};  // no listener: poll skips -1
    for (const auto& [fd, conversation] : open_) waits.push_back({fd, POLLIN, 0});
    if (poll(waits.data(), waits.size(), -1) < 0) continue;  // a signal
    if (waits[0].revents != 0) {
      if (!obey()) return;
      continue;  // its connections are others now
    }
    if (waits[1].revents != 0) accept_one();
    for (size_t i = 2; i < waits.size(); ++i) {
      if (waits[i].revents == 0 || talk(waits[i].fd, open_.at(waits[i].fd))) continue;
      close(waits[i].fd);
      open_.erase(waits[i].fd);
    }
  }
}

void SmtpSink::accept_one() {
  const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (fd < 0) return;
  // A slow server lets clients wait for its first word until they have had enough.
  if (conduct_.meets(SmtpKind::slow, {}) || send_all(fd, SmtpConversation::greeting())) {
    open_.emplace(fd, conduct_);
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
