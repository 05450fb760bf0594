#include <fmt/format.h>

#include "common/units.hpp"
#include "harness/actors/modbus_client.hpp"
#include "harness/run/perform.hpp"

namespace v2x::run {
namespace {

constexpr std::chrono::seconds kSwitchedOff{10};  // default: longer than any unit takes to stop

std::string show(const std::vector<std::uint16_t>& registers) {
  return fmt::format("[{}]", fmt::join(registers, ", "));
}

/// What came, in words; and what the step wants.
StepResult judge(const scenario::Modbus& step, const Result<actors::ModbusAnswer>& answer) {
  if (!answer && answer.error().code == "bench") return error(answer.error().message);
  if (!answer) return step.silent ? passed() : failed(step.unit + " did not answer: " + answer.error().message);
  const std::string came = answer->exception != 0 ? fmt::format("exception {}", answer->exception)
                           : step.writes()        ? "the write was taken"
                                                  : show(answer->registers);
  if (step.silent) return failed(step.unit + " answered: " + came + ", expected silence");
  if (step.exception) {
    const std::string wanted = fmt::format("exception {}", *step.exception);
    return came == wanted ? passed(came) : failed(step.unit + ": " + came + ", expected " + wanted);
  }
  if (answer->exception != 0) return failed(step.unit + ": " + came);
  if (!step.writes() && !step.values.empty() && step.values != answer->registers)
    return failed(step.unit + ": " + came + ", expected " + show(step.values));
  return passed(came);
}

}  // namespace

StepResult perform(const scenario::Vehicle& step, Session& session) {
  Json arguments{{"site", step.site}, {"act", step.act}};
  if (step.forced) arguments["forced"] = true;
  if (step.act == "return") arguments["trip_wh"] = step.trip_wh;
  return session.tell_simulator("vehicle", arguments, step.site + ".ev", step.act);
}

StepResult perform(const scenario::Fault& step, Session& session) {
  return session.tell_simulator(step.inject ? "inject" : "repair", {{"unit", step.unit}, {"code", step.code}},
                                step.unit, (step.inject ? "cause of " : "no more cause of ") + step.code);
}

StepResult perform(const scenario::Reset& step, Session& session) {
  const Json arguments{{"path", step.unit + ".op.run_switch"}, {"value", 0}, {"for", to_seconds(kSwitchedOff)}};
  if (auto off = session.tell_simulator("set", arguments, step.unit, "run switch off and on again");
      off.outcome != Outcome::passed)
    return off;
  const auto stop = session.advance_to(session.now() + kSwitchedOff);
  return stop ? passed() : to_result(stop.error());
}

StepResult perform(const scenario::Bus& step, Session& session) {
  return session.tell_simulator("bus", step.arguments, step.unit, step.shown);
}

StepResult perform(const scenario::Modbus& step, Session& session) {
  const auto address = session.stage().simulator().call("listen", {{"unit", step.unit}});
  if (!address) return to_result(address.error());
  actors::ModbusQuestion question{step.function, step.first, step.count, {}};
  if (step.writes()) question.values = step.values;
  StepResult result =
      judge(step, actors::ask_modbus(address->value("tcp_port", 0), address->value("unit_id", 0), question));
  session.note({{"what", "act"}, {"who", step.unit}, {"text", step.shown + ": " + result.detail}});
  return result;
}

}  // namespace v2x::run
