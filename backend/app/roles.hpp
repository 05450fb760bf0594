// Which parts of the service a process runs: several processes share the load behind one registry.
#pragma once

#include <set>
#include <string>

namespace v2x::app {

enum class Role {
  ingest,  ///< takes in telemetry
  web,     ///< answers the sites
  mail,    ///< sends what is in the outbox
  timers,  ///< alarms, silence, deadlines, AI control, half-hours, retention
};
using Roles = std::set<Role>;

Roles all_roles();
std::string to_string(Role role);
/// "ingest,web"; "ingest,web,mail,timers" for all.
std::string to_string(const Roles& roles);
/// Throws BadInput for a word that is no role, and for none at all.
Roles parse_roles(const std::string& words);

}  // namespace v2x::app
