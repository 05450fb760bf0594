// What a site does now, as JSON: for the app, and for the home page that refreshes itself (API-05, MON-07).
#pragma once

#include <nlohmann/json.hpp>

#include "backend/service/monitoring.hpp"

namespace v2x::web {

std::string to_string(service::SiteStatus status);
std::string to_string(service::EvState state);
nlohmann::json now_json(const service::HomeNow& home);

}  // namespace v2x::web
