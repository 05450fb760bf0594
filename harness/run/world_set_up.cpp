#include "harness/run/world_set_up.hpp"

#include "harness/run/perform.hpp"

namespace v2x::run {
namespace {

/// The steps that a person would take to get to where the world begins.
std::vector<scenario::Act> steps_of(const scenario::World& world) {
  std::vector<scenario::Act> steps;
  for (const scenario::Customer& customer : world.customers) {
    if (customer.gateways.empty()) continue;
    steps.push_back(scenario::Register{customer.name, customer.gateways.front(), {}});
    steps.push_back(scenario::Activate{customer.name, {}});
    for (size_t i = 1; i < customer.gateways.size(); ++i)
      steps.push_back(scenario::Claim{customer.name, customer.gateways[i], {}});
  }
  for (const scenario::Dealer& dealer : world.dealers) {
    if (dealer.links.empty()) continue;
    steps.push_back(scenario::DealerSignUp{dealer.name, {}});
    steps.push_back(scenario::Activate{dealer.name, {}});
    std::vector<std::string> names;
    for (const scenario::Contact& contact : dealer.contacts) names.push_back(contact.name);
    if (!names.empty()) steps.push_back(scenario::Contacts{dealer.name, names, true, {}});
    for (const std::string& site : dealer.links)
      steps.push_back(scenario::Link{world.owner_of(site)->name, dealer.name, site, {}});
  }
  return steps;
}

Status make_world(const scenario::Scenario& scenario, world::Stage& stage) {
  if (const Status made = stage.make_gateways(); !made) return made;
  if (const auto hello = stage.start_backend(); !hello) return fail(hello.error());
  const auto followed = stage.backend().call("follow", Json::object());
  if (!followed) return fail(followed.error());
  Session session(scenario, stage, nullptr, nullptr, false);
  for (const scenario::Act& step : steps_of(scenario.world)) {
    const StepResult result = std::visit([&](const auto& act) { return perform(act, session); }, step);
    if (result.outcome == Outcome::passed) continue;
    return fail(result.outcome == Outcome::failed ? "page" : "bench",
                "set-up of world " + scenario.world.name + ": " + result.detail);
  }
  session.people().save(people_file(stage));
  return stage.backend().stop();
}

}  // namespace

std::filesystem::path people_file(const world::Stage& stage) {
  return stage.state() / "people.json";
}

Status set_up_world(const scenario::Scenario& scenario, world::Stage& stage, const world::StateCache& cache,
                    const std::string& key) {
  if (cache.fetch(key, stage.state())) return done();
  if (Status made = make_world(scenario, stage); !made) return made;
  cache.keep(key, stage.state());
  return done();
}

}  // namespace v2x::run
