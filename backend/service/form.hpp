// What somebody entered on a page: names of inputs and their values.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace v2x::service {

using Form = std::map<std::string, std::string, std::less<>>;

/// The value of `name`; empty when it is absent.
inline std::string entered(const Form& form, std::string_view name) {
  const auto found = form.find(name);
  return found == form.end() ? std::string() : found->second;
}

/// An error beside an input.
struct FieldError {
  std::string name;
  std::string text;
};
using FieldErrors = std::vector<FieldError>;

}  // namespace v2x::service
