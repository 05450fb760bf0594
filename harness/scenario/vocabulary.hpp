// The vocabulary: one table with every verb, its arguments, its help and how it is read.
#pragma once

#include <string>
#include <vector>

#include "common/yaml.hpp"
#include "harness/scenario/steps.hpp"

namespace v2x::scenario {

/// What the words of a step may refer to. Refers to its world and paths.
struct Scope {
  const World& world;
  const Paths& paths;

  std::string site(const yaml::Node& node) const;      ///< refuses what is no site
  std::string unit(const yaml::Node& node) const;      ///< "home.pcs1"; refuses what is no unit
  std::string customer(const yaml::Node& node) const;  ///< refuses what is no customer
  std::string dealer(const yaml::Node& node) const;
  std::string person(const yaml::Node& node) const;   ///< customer or dealer
  std::string address(const yaml::Node& node) const;  ///< "hanako", "shop4001.contact1", "a@example.jp" → mail address
  /// The world's only site, or one named by `key`.
  std::string site_or_only(const yaml::Node& arguments, const std::string& key) const;
};

struct Argument {
  std::string name;
  std::string takes;  ///< "duration", "person", "quantity: value" …, for help
  bool required = false;
};

struct Verb {
  std::string name;
  std::string group;
  std::string help;
  std::string example;
  std::vector<Argument> arguments;  ///< of the map form
  std::string scalar;               ///< what a bare word after the verb means: the name of an argument; empty: none
  bool takes_paths = false;         ///< further keys are paths of quantities
  Act (*read)(const yaml::Node& arguments, const Scope& scope) = nullptr;
};

const std::vector<Verb>& vocabulary();
std::vector<std::string> verb_names();
/// nullptr when there is none.
const Verb* find_verb(const std::string& name);
/// Reads `- verb: arguments`; throws BadInput with the place and the nearest word.
Act read_step(const yaml::Node& step, const Scope& scope);
/// The reference page: every verb with its arguments and an example.
std::string describe_vocabulary();

}  // namespace v2x::scenario
