// What a committed transaction did that a scenario may wait for: contracts/control.md, `happened`.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace v2x::service {

struct Happening {
  std::string what;  ///< "mail", "alarm"
  std::vector<std::pair<std::string, std::string>> members;
};

}  // namespace v2x::service
