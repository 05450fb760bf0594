#include "sim/gateway/program/answer_watch.hpp"

#include "common/log.hpp"

namespace v2x::gateway::program {

void AnswerWatch::asked(SteadyTime now) {
  if (waiting_) ++unanswered_;
  waiting_ = true;
  if (unanswered_ >= kPatience && complaint_.due(now))
    log::warning("{} does not answer; its values are absent until it does", who_);
}

void AnswerWatch::answered() {
  waiting_ = false;
  unanswered_ = 0;
  if (!complaint_.said()) return;
  complaint_.over();
  log::info("{} answers again", who_);
}

void AnswerWatch::disconnected() {
  waiting_ = false;
  unanswered_ = 0;
}

void AnswerWatch::unreachable(SteadyTime now, const std::string& reason) {
  disconnected();
  if (complaint_.due(now)) log::warning("{} cannot be reached: {}; its values are absent until it can", who_, reason);
}

}  // namespace v2x::gateway::program
