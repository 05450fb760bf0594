#include "backend/app/roles.hpp"

#include <fmt/format.h>

#include <array>
#include <sstream>
#include <utility>

#include "common/bad_input.hpp"

namespace v2x::app {
namespace {

constexpr std::array<std::pair<Role, const char*>, 4> kWords{
    {{Role::ingest, "ingest"}, {Role::web, "web"}, {Role::mail, "mail"}, {Role::timers, "timers"}}};

}  // namespace

Roles all_roles() {
  Roles roles;
  for (const auto& [role, word] : kWords) roles.insert(role);
  return roles;
}

std::string to_string(Role role) {
  for (const auto& [known, word] : kWords)
    if (known == role) return word;
  return {};
}

std::string to_string(const Roles& roles) {
  std::string words;
  for (const Role role : roles) words += (words.empty() ? "" : ",") + to_string(role);
  return words;
}

Roles parse_roles(const std::string& words) {
  Roles roles;
  std::istringstream rest(words);
  for (std::string word; std::getline(rest, word, ',');) {
    const auto known = [&] {
      for (const auto& [role, text] : kWords)
        if (word == text) return role;
      throw BadInput(fmt::format("--roles: '{}' is no role, expected some of {}", word, to_string(all_roles())));
    };
    roles.insert(known());
  }
  if (roles.empty()) throw BadInput(fmt::format("--roles: none given, expected some of {}", to_string(all_roles())));
  return roles;
}

}  // namespace v2x::app
