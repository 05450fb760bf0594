#include <fstream>

#include "harness/run/perform.hpp"

namespace v2x::run {
namespace {

/// The words after "v2x-backend".
Result<std::vector<std::string>> command_of(const scenario::Operator& step, Session& session) {
  using Words = std::vector<std::string>;
  if (step.act == "release")
    return Words{"gateways", "release", session.scenario().world.find_site(step.site)->gateway_id};
  if (step.act == "publish_terms") {
    const auto file = session.stage().scratch() / ("terms-" + step.terms_for + ".txt");
    std::ofstream(file) << step.terms << "\n";
    return Words{"terms", "publish", file.string(), "--for", step.terms_for, "--from", step.from};
  }
  const auto known = session.people().known(step.person);
  if (!known) return fail(known.error());
  return Words{"accounts", step.act, known->user};
}

}  // namespace

StepResult perform(const scenario::Operator& step, Session& session) {
  const auto command = command_of(step, session);
  if (!command) return to_result(command.error());
  if (const Status operated = session.stage().operate(*command); !operated) return to_result(operated);
  session.note({{"what", "act"}, {"who", "operator"}, {"text", step.shown}});
  return to_result(session.settle());
}

}  // namespace v2x::run
