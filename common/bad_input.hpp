// BadInput: a bad start (configuration, scenario, port). Thrown once, printed by main, exit code 2.
#pragma once

#include <stdexcept>
#include <string>

namespace v2x {

/// what() is the whole line for the user: "file:line:column: what, expected what".
class BadInput : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace v2x
