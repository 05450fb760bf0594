#include <fmt/format.h>

#include "harness/run/perform.hpp"

namespace v2x::run {
namespace {

void note_process(Session& session, const std::string& who, const std::string& act, const std::string& text) {
  session.note({{"what", "process"}, {"who", who}, {"act", act}, {"asked", true}, {"text", text}});
}

}  // namespace

StepResult end_backend(scenario::Process::Act act, Session& session) {
  world::Box& backend = session.stage().backend();
  if (!backend.running()) return error("the backend is not running, expected it to be started before");
  const auto unfollowed = session.stage().simulator().call("unfollow", Json::object());
  if (!unfollowed) return to_result(unfollowed.error());
  if (act == scenario::Process::Act::kill) {
    backend.kill();
    note_process(session, "backend", "kill", "killed with SIGKILL");
    return passed();
  }
  const Status stopped = backend.stop();
  note_process(session, "backend", "stop", "stopped with SIGTERM");
  return to_result(stopped);
}

StepResult start_backend(Session& session) {
  if (session.stage().backend().running())
    return error("the backend is running already, expected 'kill' or 'stop' before");
  if (const auto hello = session.stage().start_backend(); !hello) return to_result(hello.error());
  world::Box& simulator = session.stage().simulator();
  const auto followed = simulator.call("follow", {{"control", session.stage().backend().control()}});
  if (!followed) return to_result(followed.error());
  const auto ready = simulator.call("uplink_ready", Json::object());
  if (!ready) return to_result(ready.error());
  note_process(session, "backend", "ready", "started again; gateways have their Welcome");
  return to_result(session.settle());
}

StepResult perform(const scenario::Process& step, Session& session) {
  if (step.who == "mail_server") return act_on_mail_server(step.act, session);
  return step.act == scenario::Process::Act::start ? start_backend(session) : end_backend(step.act, session);
}

StepResult perform(const scenario::FailAt& step, Session& session) {
  world::Box& backend = session.stage().backend();
  const auto armed = backend.call("fail_at", {{"point", step.point}, {"action", step.act}, {"count", step.count}});
  if (!armed) return to_result(armed.error());
  if (step.act == "crash") backend.ask_crash();
  session.note({{"what", "act"}, {"who", "backend"}, {"text", fmt::format("{} at {}", step.act, step.point)}});
  return passed();
}

}  // namespace v2x::run
