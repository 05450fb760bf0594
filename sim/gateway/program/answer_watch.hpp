// Tells in the log that a unit does not answer, at most once a minute, and that it answers again.
#pragma once

#include <string>

#include "sim/gateway/program/seldom.hpp"

namespace v2x::gateway::program {

/// Belongs to the program's thread.
class AnswerWatch {
 public:
  /// `who` names unit and address: "pcs1 (127.0.0.1:1502, unit id 1)".
  explicit AnswerWatch(std::string who) : who_(std::move(who)) {}

  void asked(SteadyTime now);
  void answered();
  /// The connection is gone: nothing is waited for any more.
  void disconnected();
  /// It can't even be asked: `reason` as a person reads it.
  void unreachable(SteadyTime now, const std::string& reason);
  /// Requests in a row that nobody answered.
  int unanswered() const { return unanswered_; }

  static constexpr int kPatience = 2;  ///< one lost frame is no news: default

 private:
  std::string who_;
  bool waiting_ = false;
  int unanswered_ = 0;
  Seldom complaint_;
};

}  // namespace v2x::gateway::program
