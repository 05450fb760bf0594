#include "harness/world/conductor.hpp"

#include "common/jst.hpp"

namespace v2x::world {

Result<Stop> Conductor::advance_to(Time t, const std::vector<Json>& until) {
  for (;;) {
    auto stop = advance_once(t, until);
    if (!stop || stop->cause != "backend_gone") return stop;
    if (!stage_.backend().crashed_as_asked())
      return fail("bench", stage_.died_unasked().value_or("the backend's connection ended: " + stop->condition));
    on_event_(now_, {{"what", "process"},
                     {"who", "backend"},
                     {"act", "exit"},
                     {"code", "SIGKILL"},
                     {"asked", true},
                     {"text", "crashed at its named point"}});
  }
}

Result<Stop> Conductor::advance_once(Time t, const std::vector<Json>& until) {
  const auto answer = stage_.simulator().call(
      "advance_to", {{"t", format_time(t)}, {"until", until}, {"never", never_}}, stage_.patience().advance);
  if (!answer) return fail(stage_.died_unasked() ? Error{"bench", *stage_.died_unasked()} : answer.error());
  const auto at = parse_time(answer->value("stopped_at", ""));
  if (!at) return fail("bench", "the simulator's answer lacks 'stopped_at': " + answer->dump());
  for (const Json& event : answer->value("events", Json::array())) {
    const auto when = parse_time(event.value("t", ""));
    on_event_(when ? *when : *at, event);
  }
  now_ = *at;
  const Json condition = answer->value("condition", Json());
  return Stop{now_, answer->value("cause", ""),
              condition.is_string() ? condition.get<std::string>() : condition.dump()};
}

Status Conductor::settle() {
  if (stage_.simulator().running()) {
    const auto stop = advance_to(now_);
    return stop ? done() : Status(fail(stop.error()));
  }
  if (!stage_.backend().running()) return done();
  const auto answer = stage_.backend().call("advance_to", {{"t", format_time(now_)}, {"frames_sent", 0}});
  if (!answer) return fail(answer.error());
  return done();
}

}  // namespace v2x::world
