// Paths of the route table that carry a value: "/ctrl/settings/requests/{id}".
#pragma once

#include <optional>
#include <string_view>

#include "backend/service/form.hpp"

namespace v2x::web {

/// The values of the pattern's {parts} by name; nullopt when the path doesn't fit. A part is one segment, not empty.
std::optional<service::Form> match_path(std::string_view pattern, std::string_view path);

}  // namespace v2x::web
