// The body of an API request: JSON, taken apart strictly.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "common/result.hpp"

namespace v2x::web {

/// An object; an empty body is an empty one. Refused: what is no JSON or no object, a member given twice (SEC-11).
Result<nlohmann::json> parse_body(const std::string& text);

}  // namespace v2x::web
