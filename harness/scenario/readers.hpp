// How each verb's arguments become a typed step. Referred to by the vocabulary table only.
#pragma once

#include "harness/scenario/vocabulary.hpp"

namespace v2x::scenario::readers {

using yaml::Node;

// readers_plant.cpp
Act advance(const Node& node, const Scope& scope);
Act at(const Node& node, const Scope& scope);
Act set(const Node& node, const Scope& scope);
Act clear(const Node& node, const Scope& scope);
Act gateway(const Node& node, const Scope& scope);
Act kill(const Node& node, const Scope& scope);
Act stop(const Node& node, const Scope& scope);
Act start(const Node& node, const Scope& scope);
Act pause(const Node& node, const Scope& scope);
Act fail_at(const Node& node, const Scope& scope);
Act crashes(const Node& node, const Scope& scope);

// readers_bus.cpp
Act bus(const Node& node, const Scope& scope);
Act modbus(const Node& node, const Scope& scope);

// readers_devices.cpp
Act plug(const Node& node, const Scope& scope);
Act unplug(const Node& node, const Scope& scope);
Act depart(const Node& node, const Scope& scope);
Act come_back(const Node& node, const Scope& scope);
Act inject(const Node& node, const Scope& scope);
Act repair(const Node& node, const Scope& scope);
Act reset(const Node& node, const Scope& scope);
/// The argument `name`, or the bare word that stands for it.
Node argument(const Node& node, const std::string& name);

// readers_network.cpp
Act wan(const Node& node, const Scope& scope);
Act smtp(const Node& node, const Scope& scope);

// readers_people.cpp
Act register_customer(const Node& node, const Scope& scope);
Act dealer_sign_up(const Node& node, const Scope& scope);
Act activate(const Node& node, const Scope& scope);
Act log_in(const Node& node, const Scope& scope);
Act log_out(const Node& node, const Scope& scope);
Act claim(const Node& node, const Scope& scope);
Act unlink(const Node& node, const Scope& scope);
Act release(const Node& node, const Scope& scope);
Act change_profile(const Node& node, const Scope& scope);
Act change_password(const Node& node, const Scope& scope);
Act forgot_password(const Node& node, const Scope& scope);
Act link(const Node& node, const Scope& scope);
Act contacts(const Node& node, const Scope& scope);
Act page(const Node& node, const Scope& scope);
Act api(const Node& node, const Scope& scope);

// readers_operator.cpp
Act operate(const Node& node, const Scope& scope);

// readers_settings.cpp
Act read_settings(const Node& node, const Scope& scope);
Act change_settings(const Node& node, const Scope& scope);
Act weather(const Node& node, const Scope& scope);

/// `refused` of an errand, and `with` beside it; the fields must be of these pages (names of pages; none: any).
Refused refusal(const Node& node, const std::vector<std::string>& pages);
Deviation deviation(const Node& node, const std::vector<std::string>& pages);

// readers_checks.cpp
Act expect(const Node& node, const Scope& scope);
Act mail(const Node& node, const Scope& scope);
Act measure(const Node& node, const Scope& scope);
/// "23:59" or "23:59:50" as the time since midnight.
Duration time_of_day(const Node& node);

Act truth(const Node& node, const Scope& scope);
Act ledger(const Node& node, const Scope& scope);

}  // namespace v2x::scenario::readers
