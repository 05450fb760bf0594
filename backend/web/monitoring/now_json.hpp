// HomeNow in words and as JSON: what /ctrl/home/live and the API's `now` answer (API-05).
#pragma once

#include <nlohmann/json.hpp>

#include "backend/service/monitoring.hpp"

namespace v2x::web {

struct Words {
  const char* word;  ///< in JSON and as a class
  const char* text;  ///< on pages
};
Words words_of(service::SiteStatus status);
Words words_of(service::EvState state);

/// Whole W, Wh and %; null where a page shows 「-」.
nlohmann::json now_json(const service::HomeNow& home);
nlohmann::json json_of(const std::optional<std::int64_t>& value);

}  // namespace v2x::web
