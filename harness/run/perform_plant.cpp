#include <fmt/format.h>

#include "common/jst.hpp"
#include "common/units.hpp"
#include "harness/run/perform.hpp"

namespace v2x::run {
namespace {

StepResult advance(Session& session, Time t) {
  const auto stop = session.advance_to(t);
  return stop ? passed() : to_result(stop.error());
}

void note_process(Session& session, const std::string& who, const std::string& act, const std::string& text) {
  session.note({{"what", "process"}, {"who", who}, {"act", act}, {"asked", true}, {"text", text}});
}

/// The simulator must not wait for a backend that goes away.
StepResult end_backend(Session& session, scenario::Process::Act act) {
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

}  // namespace

StepResult perform(const scenario::Advance& step, Session& session) {
  return advance(session, session.now() + step.by);
}

StepResult perform(const scenario::At& step, Session& session) {
  Time t = jst_midnight(session.now()) + step.time_of_day;
  if (t <= session.now()) t = jst_midnight(session.now(), 1) + step.time_of_day;
  return advance(session, t);
}

StepResult perform(const scenario::Set& step, Session& session) {
  for (const scenario::Setting& setting : step.settings) {
    Json arguments{{"path", setting.path}, {"value", setting.value}};
    std::string text = setting.shown;
    if (step.lasting) {
      arguments["for"] = to_seconds(*step.lasting);
      text += " for " + format_duration(*step.lasting);
    }
    if (auto result = session.tell_simulator("set", arguments, setting.path, text); result.outcome != Outcome::passed)
      return result;
  }
  return passed();
}

StepResult perform(const scenario::Clear& step, Session& session) {
  return session.tell_simulator("clear", {{"path", step.path}}, step.path, step.path + " is free again");
}

StepResult perform(const scenario::Vehicle& step, Session& session) {
  return session.tell_simulator("vehicle", {{"site", step.site}, {"act", step.act}}, step.site + ".ev", step.act);
}

StepResult perform(const scenario::Gateway& step, Session& session) {
  return session.tell_simulator("gateway", {{"site", step.site}, {"act", step.act}}, step.site + ".gateway", step.act);
}

StepResult perform(const scenario::Bus& step, Session& session) {
  return session.tell_simulator("bus", step.arguments, step.unit, step.shown);
}

StepResult perform(const scenario::Wan& step, Session& session) {
  return session.tell_simulator("wan", {{"site", step.site}, {"kind", step.kind}}, step.site + ".gateway",
                                "WAN " + step.kind);
}

StepResult perform(const scenario::Process& step, Session& session) {
  return step.act == scenario::Process::Act::start ? start_backend(session) : end_backend(session, step.act);
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
