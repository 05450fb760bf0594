#include <fmt/format.h>

#include "harness/run/perform.hpp"

namespace v2x::run {
namespace {

StepResult behave(Session& session, const actors::SmtpConduct& conduct, const std::string& text) {
  session.stage().sink().behave(conduct);
  session.note({{"what", "process"}, {"who", "mail_server"}, {"act", "conduct"}, {"asked", true}, {"text", text}});
  return passed();
}

}  // namespace

StepResult perform(const scenario::Wan& step, Session& session) {
  return session.tell_simulator("wan", step.arguments, step.site + ".gateway", step.shown);
}

StepResult perform(const scenario::Smtp& step, Session& session) {
  std::string text = "mail server: " + step.kind;
  if (!step.to.empty()) text += " for " + step.to;
  if (step.times) text += fmt::format(", {} times", *step.times);
  return behave(session, {*actors::smtp_kind(step.kind), step.to, step.times}, text);
}

StepResult act_on_mail_server(scenario::Process::Act act, Session& session) {
  switch (act) {
    case scenario::Process::Act::kill:
    case scenario::Process::Act::stop:
      return behave(session, {actors::SmtpKind::down}, "mail server ended");
    case scenario::Process::Act::pause:
      return behave(session, {actors::SmtpKind::slow}, "mail server halted");
    case scenario::Process::Act::start:
      break;
  }
  return behave(session, {actors::SmtpKind::up}, "mail server started");
}

}  // namespace v2x::run
