// A mail server that keeps what it gets: the mailbox of everybody in a scenario.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "harness/actors/smtp_conversation.hpp"

namespace v2x::actors {

/// Listens on 127.0.0.1:`port` in a thread of its own ("smtp-sink"), which the destructor joins.
class SmtpSink {
 public:
  /// Throws BadInput when the port is taken. 0 = any free port.
  explicit SmtpSink(int port);
  ~SmtpSink();
  SmtpSink(const SmtpSink&) = delete;
  SmtpSink& operator=(const SmtpSink&) = delete;

  int port() const { return port_; }
  /// What was accepted since the last call. Any thread.
  std::vector<RawMail> take();

 private:
  void serve();
  void accept_one();
  /// False when the connection is over.
  bool talk(int fd, SmtpConversation& conversation);

  int listener_ = -1;
  int wake_ = -1;  ///< eventfd: written once, by the destructor
  int port_ = 0;
  std::map<int, SmtpConversation> open_;  ///< by socket; the thread's own
  std::mutex mutex_;
  std::vector<RawMail> mails_;  ///< guarded by mutex_
  std::thread thread_;
};

}  // namespace v2x::actors
