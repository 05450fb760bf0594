// A mail server that keeps what it gets: the mailbox of everybody in a scenario.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
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
  /// From now on; what it holds for has happened when this returns: the port is closed, open connections are cut. Any
  /// thread.
  void behave(const SmtpConduct& conduct);

 private:
  void open_port();
  void close_port();
  void wake();
  void serve();
  /// False when the sink ends.
  bool obey();
  void accept_one();
  /// False when the connection is over.
  bool talk(int fd, SmtpConversation& conversation);

  int listener_ = -1;
  int wake_ = -1;  ///< eventfd: written when something is wanted
  int port_ = 0;
  SmtpConduct conduct_;                   ///< the thread's own
  std::map<int, SmtpConversation> open_;  ///< by socket; the thread's own
  std::mutex mutex_;
  std::condition_variable obeyed_;
  // Guarded by mutex_:
  std::vector<RawMail> mails_;
  std::optional<SmtpConduct> wanted_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace v2x::actors
