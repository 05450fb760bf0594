#include "backend/app/verbs.hpp"

#include "backend/service/ports/outbox.hpp"
#include "common/failpoint.hpp"
#include "common/jst.hpp"

namespace v2x::app {
namespace {

Json time_or_null(std::optional<Time> t) {
  return t ? Json(format_time(*t)) : Json(nullptr);
}

Failure needs(const char* clock) {
  return fail("wrong_clock", std::string("needs --clock ") + clock);
}

Result<Json> advance_to(Stepper& stepper, const Json& arguments) {
  const auto text = argument<std::string>(arguments, "t");
  if (!text) return fail(text.error());
  const auto t = parse_time(*text);
  if (!t) return fail("bad_argument", "'t': " + t.error().message);
  const auto frames = argument<std::uint64_t>(arguments, "frames_sent");
  if (!frames) return fail(frames.error());
  auto step = stepper.advance_to(*t, *frames);
  if (!step) return fail(step.error());
  return Json{{"next_due", time_or_null(step->next_due)},
              {"frames_down", step->frames_down},
              {"happened", std::move(step->happened)}};
}

Result<Json> fail_at(const Json& arguments) {
  const auto point = argument<std::string>(arguments, "point");
  if (!point) return fail(point.error());
  const auto action = argument<std::string>(arguments, "action");
  if (!action) return fail(action.error());
  const std::map<std::string, failpoint::Action> actions{
      {"crash", failpoint::Action::crash}, {"stall", failpoint::Action::stall}, {"error", failpoint::Action::error}};
  const auto found = actions.find(*action);
  if (found == actions.end())
    return fail("bad_argument", "'action' is " + *action + ", expected crash, stall or error");
  const Status armed = failpoint::arm(*point, found->second, arguments.value("count", std::uint64_t{1}));
  if (!armed) return fail(armed.error());
  return Json::object();
}

Json decision_json(const service::DecisionRow& row) {
  return {{"id", row.id},
          {"time", format_time(row.time)},
          {"kind", row.kind},
          {"cause", row.cause},
          {"to", row.to},
          {"decision", row.decision},
          {"message_id", row.message_id},
          {"reply", row.reply}};
}

Json ledger_json(const service::StreamLedger& ledger) {
  return {{"stream", ledger.stream},   {"mark", ledger.mark},       {"stored", ledger.stored},
          {"missing", ledger.missing}, {"doubled", ledger.doubled}, {"put_aside", ledger.put_aside},
          {"dropped", ledger.dropped}};
}

}  // namespace

void add_clock_verbs(ControlServer& control, const ClockVerbs& verbs) {
  control.on("hello", [verbs](const Json&) -> Result<Json> {
    Json answer = verbs.hello;
    answer["now"] = format_time(verbs.clock.now());
    return answer;
  });
  control.on("follow", [verbs](const Json&) -> Result<Json> {
    if (verbs.stepper == nullptr) return needs("stepped");
    return Json{{"next_due", time_or_null(verbs.stepper->follow())}};
  });
  control.on("advance_to", [verbs](const Json& arguments) -> Result<Json> {
    if (verbs.stepper == nullptr) return needs("stepped");
    return advance_to(*verbs.stepper, arguments);
  });
  control.on("run", [verbs](const Json& arguments) -> Result<Json> {
    if (verbs.paced == nullptr) return needs("realtime");
    const auto speed = argument<double>(arguments, "speed");
    if (!speed) return fail(speed.error());
    if (*speed <= 0) return fail("bad_argument", "'speed' must be above 0");
    verbs.paced->run(*speed);
    verbs.repaced();
    return Json::object();
  });
}

void add_inspection_verbs(ControlServer& control, service::Registry& registry, service::TelemetryStore& telemetry,
                          const ingest::Counters* counters) {
  control.on("fail_at", fail_at);
  control.on("counters", [counters](const Json&) -> Result<Json> {
    if (counters == nullptr) return fail("wrong_role", "needs --roles ingest");
    return Json(counters->read());
  });
  control.on("mails", [&registry](const Json& arguments) -> Result<Json> {
    const auto since = arguments.value("since", std::int64_t{0});
    const auto rows =
        registry.read([&](service::Transaction& transaction) { return transaction.outbox().decisions(since); });
    Json decisions = Json::array();
    for (const auto& row : rows) decisions.push_back(decision_json(row));
    return Json{{"decisions", std::move(decisions)}};
  });
  control.on("ledger", [&telemetry](const Json& arguments) -> Result<Json> {
    const auto gateway = argument<std::string>(arguments, "gateway");
    if (!gateway) return fail(gateway.error());
    Json streams = Json::array();
    for (const auto& ledger : telemetry.ledger(*gateway)) streams.push_back(ledger_json(ledger));
    return Json{{"streams", std::move(streams)}};
  });
}

}  // namespace v2x::app
