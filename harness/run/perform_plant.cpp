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

StepResult perform(const scenario::Gateway& step, Session& session) {
  Json arguments{{"site", step.site}, {"act", step.act}};
  if (step.by) arguments["by"] = std::chrono::duration<double>(*step.by).count();
  return session.tell_simulator("gateway", arguments, step.site + ".gateway", step.act);
}

}  // namespace v2x::run
