// A mail server in a few lines: one real socket, answers by script, keeps what it was given.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace v2x::test {

/// Serves one connection after the other on a thread of its own. `replies` answer the end of each message in turn
/// ("250 ok" when there are none left); "hang up" closes the connection instead.
class SmtpSink {
 public:
  SmtpSink() {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    socklen_t length = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    ::listen(listener_, 8);
    thread_ = std::thread([this] { run(); });
  }
  ~SmtpSink() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  std::string server() const { return "127.0.0.1:" + std::to_string(port_); }
  void script(std::deque<std::string> replies) {
    const std::lock_guard lock(mutex_);
    replies_ = std::move(replies);
  }
  std::vector<std::string> messages() {
    const std::lock_guard lock(mutex_);
    return messages_;
  }
  std::vector<std::string> recipients() {
    const std::lock_guard lock(mutex_);
    return recipients_;
  }

 private:
  void run() {
    for (int peer = ::accept(listener_, nullptr, nullptr); peer >= 0; peer = ::accept(listener_, nullptr, nullptr)) {
      serve(peer);
      ::close(peer);
    }
  }

  static void say(int peer, const std::string& line) {
    const std::string text = line + "\r\n";
    ::send(peer, text.data(), text.size(), MSG_NOSIGNAL);
  }

  bool read_line(int peer, std::string& buffer, std::string& line) {
    for (;;) {
      const auto end = buffer.find("\r\n");
      if (end != std::string::npos) {
        line = buffer.substr(0, end);
        buffer.erase(0, end + 2);
        return true;
      }
      char chunk[4096];
      const auto got = ::recv(peer, chunk, sizeof chunk, 0);
      if (got <= 0) return false;
      buffer.append(chunk, static_cast<size_t>(got));
    }
  }

  void serve(int peer) {
    std::string buffer, line, message;
    bool in_message = false;
    say(peer, "220 sink");
    while (read_line(peer, buffer, line)) {
      if (!in_message) {
        if (line.starts_with("RCPT")) note_recipient(line);
        in_message = line == "DATA";
        say(peer, in_message ? "354 go on" : line == "QUIT" ? "221 bye" : "250 ok");
      } else if (line == ".") {
        in_message = false;
        const std::string reply = end_of(std::exchange(message, ""));
        if (reply == "hang up") return;
        say(peer, reply);
      } else {
        message += line + "\r\n";
      }
    }
  }

  void note_recipient(const std::string& line) {
    const std::lock_guard lock(mutex_);
    recipients_.push_back(line);
  }

  std::string end_of(std::string message) {
    const std::lock_guard lock(mutex_);
    messages_.push_back(std::move(message));
    if (replies_.empty()) return "250 ok";
    std::string reply = replies_.front();
    replies_.pop_front();
    return reply;
  }

  int listener_ = -1;
  int port_ = 0;
  std::mutex mutex_;  // guards what follows
  std::deque<std::string> replies_;
  std::vector<std::string> messages_;
  std::vector<std::string> recipients_;
  std::thread thread_;
};

}  // namespace v2x::test
