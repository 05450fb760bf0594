// The pages by the ids of the specification: title and template.
#pragma once

#include <string_view>

namespace v2x::web {

struct PageInfo {
  std::string_view id;
  std::string_view title;
  std::string_view template_name;
};

/// Aborts on an unknown id: a mistake in the route table.
const PageInfo& page_info(std::string_view id);

}  // namespace v2x::web
