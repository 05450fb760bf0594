// What a committed transaction did that a scenario may wait for: contracts/control.md, `happened`.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace v2x::service {

struct Happening {
  using Value = std::variant<std::string, std::int64_t>;
  std::string what;  ///< "mail", "alarm"
  std::vector<std::pair<std::string, Value>> members;
};

}  // namespace v2x::service
