#include "harness/scenario/vocabulary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/nearest.hpp"
#include "contracts/bus_fault.hpp"
#include "harness/scenario/people_verbs.hpp"
#include "harness/scenario/plant_verbs.hpp"
#include "harness/scenario/readers.hpp"

namespace v2x::scenario {
namespace {

/// Every parameter that some kind of bus fault takes.
std::vector<Argument> bus_arguments() {
  std::vector<Argument> arguments{{"unit", "unit", true}, {"kind", "none", true}};
  for (const contracts::BusFaultInfo& info : contracts::bus_faults()) {
    arguments[1].takes += fmt::format(", {}", info.name);
    for (const contracts::BusParameter& parameter : info.parameters) {
      const auto same = [&](const Argument& known) { return known.name == parameter.name; };
      const auto found = std::find_if(arguments.begin(), arguments.end(), same);
      const std::string help = fmt::format("{}: {}", info.name, parameter.help);
      if (found == arguments.end())
        arguments.push_back({parameter.name, help});
      else
        found->takes += "; " + help;
    }
  }
  for (const contracts::BusParameter& parameter : contracts::common_bus_parameters())
    arguments.push_back({parameter.name, parameter.help});
  return arguments;
}

std::vector<Verb> make_vocabulary() {
  const Argument as{"as", "person", true};
  const Argument site{"site", "site, may be left out when the world has one"};
  std::vector<Verb> verbs{
      {"advance",
       "time",
       "Moves the clock.",
       "advance: 10 min",
       {{"by", "duration", true}},
       "by",
       false,
       readers::advance},
      {"at",
       "time",
       "Moves the clock to the next such time of day (JST).",
       "at: 23:59:50",
       {{"time", "HH:MM or HH:MM:SS", true}},
       "time",
       false,
       readers::at},

      {"gateway",
       "network and power",
       "Power, memory and clock of a gateway; confirm_units: the units on its bus belong there.",
       "gateway: {site: home, act: reboot}",
       {site,
        {"act", "reboot, power_off, power_on, lose_spool, skew, confirm_units", true},
        {"by", "duration that its clock is ahead, of skew"}},
       "",
       false,
       readers::gateway},
      {"bus", "network and power", "A fault of the bus of one unit; kind none ends all of them.",
       "bus: {unit: home.pcs2, kind: delay, min: 1 s, max: 3 s, for: 5 min}", bus_arguments(), "", false, readers::bus},
      {"modbus",
       "network and power",
       "A master outside of the house reads or writes a unit's registers over Modbus TCP while time stands still.",
       "modbus: {unit: home.pcs1, read: 40070, shows: [101, 50]}",
       {{"unit", "unit", true},
        {"read", "first register"},
        {"write", "first register"},
        {"function", "3 or 4 with read, 3; 16 or 6 with write, 16"},
        {"count", "registers to read; as many as shows, or 1"},
        {"values", "registers to write"},
        {"shows", "registers that must be read"},
        {"exception", "1 to 11: must be the answer"},
        {"silent", "yes: no answer may come"}},
       "",
       false,
       readers::modbus},
      {"wan",
       "network and power",
       "The line to the service: cut, slow, lossy, doubling, overtaking – both ways, drawn from the seed. up ends all "
       "of it.",
       "wan: {site: home, is: loss, share: 30 %}",
       {site,
        {"is", "up, down, latency, loss, duplicate, reorder", true},
        {"share", "loss, duplicate, reorder: of the frames"},
        {"min", "latency, reorder: a frame waits at least"},
        {"max", "latency, reorder: and at most"}},
       "",
       false,
       readers::wan},
      {"smtp",
       "network and power",
       "How the mail server behaves from now on. drop_after_data: it keeps the mail and hangs up before its 250.",
       "smtp: {is: refuse_5xx, to: shop4001.contact1}",
       {{"is", "up, down, refuse_4xx, refuse_5xx, drop_after_data, slow", true},
        {"to", "person or dealer.contact: only these mails"},
        {"times", "count of mails, then it is up again"}},
       "is",
       false,
       readers::smtp},

      {"kill",
       "processes",
       "Ends a process with SIGKILL: nothing is flushed.",
       "kill: backend",
       {{"who", "backend, mail_server", true}},
       "who",
       false,
       readers::kill},
      {"stop",
       "processes",
       "Ends a process in order (SIGTERM).",
       "stop: backend",
       {{"who", "backend, mail_server", true}},
       "who",
       false,
       readers::stop},
      {"start",
       "processes",
       "Starts it again on its data and its ports.",
       "start: backend",
       {{"who", "backend, mail_server", true}},
       "who",
       false,
       readers::start},
      {"pause",
       "processes",
       "Halts a process: it takes connections and says nothing, until it is started.",
       "pause: mail_server",
       {{"who", "mail_server", true}},
       "who",
       false,
       readers::pause},
      {"fail_at",
       "processes",
       "Makes the backend fail when it passes a named point: it crashes, or that operation fails.",
       "fail_at: {point: ingest.after_registry_commit, pass: 2}",
       {{"point", "named point", true}, {"do", "crash, error"}, {"pass", "count, 1"}},
       "point",
       false,
       readers::fail_at},
      {"crashes",
       "processes",
       "A fault comes and goes while the backend is killed at named points and at random, until it was killed so "
       "often. "
       "Each time must be one alarm mail and one recovery to each address.",
       "crashes: {count: 30, fault: {home.grid.voltage_u: 116 V}, to: [shop4001.contact1]}",
       {{"count", "count of kills", true},
        {"fault", "quantity: value that raises a fault which is mailed", true},
        {"to", "list of persons or dealer.contact", true}},
       "",
       false,
       readers::crashes},

      {"expect",
       "checks",
       "Waits for a quantity, demands that it stays, or looks at it now.",
       "expect: {home.pcs1.fault: E1-1, within: 1.1 s}",
       {{"within", "duration"}, {"for", "duration"}},
       "",
       true,
       readers::expect},
      {"mail",
       "checks",
       "Looks at the mails since the start that no earlier step took.",
       "mail: {to: shop4001.contact1, kind: M-30, contains: E1-1, within: 11 min, exactly: 1}",
       {{"to", "person or dealer.contact", true},
        {"kind", "M-01 …"},
        {"subject", "text"},
        {"contains", "text or list"},
        {"within", "duration"},
        {"exactly", "count, judged at the deadline"},
        {"none", "yes"}},
       "",
       false,
       readers::mail},
      {"measure",
       "checks",
       "Reads a quantity into the report and holds it against limits.",
       "measure: {name: 発電, quantity: home.pcs1.ac.power, above: 1 kW, why: clear noon}",
       {{"name", "text", true},
        {"quantity", "quantity", true},
        {"below", "value"},
        {"above", "value"},
        {"why", "text", true}},
       "",
       false,
       readers::measure},
      {"truth",
       "checks",
       "Holds a page's totals, of today so far or of a whole day, against the physics.",
       "truth: {as: hanako, open: monitoring home, within: 0.1 kWh}",
       {as,
        {"open", "page with totals"},
        site,
        {"days_ago", "count, of a page that shows whole days"},
        {"since", "HH:MM from which the totals count"},
        {"within", "energy, 0.1 kWh"}},
       "as",
       false,
       readers::truth},
      {"ledger",
       "checks",
       "Every acknowledged record is stored exactly once.",
       "ledger: home",
       {{"site", "site", true}},
       "site",
       false,
       readers::ledger},
  };
  const auto insert_before = [&verbs](const std::string& group, const std::vector<Verb>& others) {
    const auto at = std::find_if(verbs.begin(), verbs.end(), [&](const Verb& verb) { return verb.group == group; });
    verbs.insert(at, others.begin(), others.end());
  };
  insert_before("network and power", plant_verbs());
  insert_before("checks", people_verbs());
  return verbs;
}

const Verb& verb_at(const std::string& name, const yaml::Node& place) {
  if (const Verb* verb = find_verb(name)) return *verb;
  place.refuse(unknown_word(name, "verb", verb_names()));
}

/// Refuses keys that the verb does not know and reports the ones that are missing.
void check_arguments(const Verb& verb, const yaml::Node& arguments) {
  std::vector<std::string> names;
  for (const Argument& argument : verb.arguments) names.push_back(argument.name);
  if (!arguments.is_map()) {
    if (!verb.scalar.empty() && arguments.is_scalar() && !arguments.is_null()) return;
    arguments.refuse(fmt::format("'{}' has no arguments here, expected like: {}", verb.name, verb.example));
  }
  if (!verb.takes_paths) arguments.allow_only(names);
  for (const auto& [key, value] : arguments.entries())  // every path has a dot
    if (key.find('.') == std::string::npos && std::find(names.begin(), names.end(), key) == names.end())
      arguments.key(key).refuse(unknown_word(key, "argument of '" + verb.name + "'", names));
  for (const Argument& argument : verb.arguments)
    if (argument.required && !arguments.has(argument.name))
      arguments.refuse(fmt::format("'{}' lacks '{}', expected like: {}", verb.name, argument.name, verb.example));
}

}  // namespace

const std::vector<Verb>& vocabulary() {
  static const std::vector<Verb> table = make_vocabulary();
  return table;
}

const Verb* find_verb(const std::string& name) {
  for (const Verb& verb : vocabulary())
    if (verb.name == name) return &verb;
  return nullptr;
}

std::vector<std::string> verb_names() {
  std::vector<std::string> names;
  for (const Verb& verb : vocabulary()) names.push_back(verb.name);
  return names;
}

Act read_step(const yaml::Node& step, const Scope& scope) {
  if (!step.is_map() || step.size() != 1)
    step.refuse("a step is one verb with its arguments, expected like: - advance: 10 min");
  const auto [name, arguments] = step.entries().front();
  const Verb& verb = verb_at(name, step.key(name));
  check_arguments(verb, arguments);
  return verb.read(arguments, scope);
}

std::string describe_vocabulary() {
  std::string text;
  std::string group;
  for (const Verb& verb : vocabulary()) {
    if (verb.group != group) text += fmt::format("\n{}\n", group = verb.group);
    text += fmt::format("  {:<15} {}\n                  - {}\n", verb.name, verb.help, verb.example);
    for (const Argument& argument : verb.arguments)
      text += fmt::format("                  {:<10} {}{}\n", argument.name, argument.takes,
                          argument.required ? " (needed)" : "");
  }
  return text;
}

std::string Scope::site(const yaml::Node& node) const {
  return node.word(world.site_names(), "site of world " + world.name);
}

std::string Scope::unit(const yaml::Node& node) const {
  std::vector<std::string> units;
  for (const Site& site : world.sites)
    for (const Unit& one : site.units) units.push_back(site.name + "." + one.name);
  return node.word(units, "unit of world " + world.name);
}

std::string Scope::person(const yaml::Node& node) const {
  return node.word(world.person_names(), "person of world " + world.name);
}

std::string Scope::customer(const yaml::Node& node) const {
  const std::string name = person(node);
  if (!world.find_customer(name)) node.refuse("'" + name + "' is a dealer, expected a customer");
  return name;
}

std::string Scope::dealer(const yaml::Node& node) const {
  const std::string name = person(node);
  if (!world.find_dealer(name)) node.refuse("'" + name + "' is a customer, expected a dealer");
  return name;
}

std::string Scope::address(const yaml::Node& node) const {
  if (node.text().find('@') != std::string::npos) return node.text();
  std::vector<std::string> names;
  for (const Customer& customer : world.customers) {
    if (customer.name == node.text()) return customer.mail;
    names.push_back(customer.name);
  }
  for (const Dealer& dealer : world.dealers) {
    if (dealer.name == node.text()) return dealer.mail;
    names.push_back(dealer.name);
    for (const Contact& contact : dealer.contacts) {
      if (dealer.name + "." + contact.name == node.text()) return contact.mail;
      names.push_back(dealer.name + "." + contact.name);
    }
  }
  node.refuse(unknown_word(node.text(), "person of world " + world.name, names));
}

std::string Scope::site_or_only(const yaml::Node& arguments, const std::string& key) const {
  if (arguments.is_map() && arguments.has(key)) return site(arguments.at(key));
  if (world.sites.size() != 1) arguments.refuse("the world has several sites, expected '" + key + "'");
  return world.sites.front().name;
}

}  // namespace v2x::scenario
