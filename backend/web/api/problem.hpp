// What the API says instead of an answer: application/problem+json (API-11).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "backend/service/form.hpp"
#include "backend/web/request.hpp"

namespace v2x::web {

enum class ProblemType {
  bad_request,
  unauthorized,
  forbidden,
  terms_required,
  not_found,
  method_not_allowed,
  conflict,
  stale_revision,
  gateway_offline,
  too_large,
  invalid,
  locked,
  internal,
  busy,
};

struct ProblemInfo {
  ProblemType type;
  std::string_view word;
  int status;
  std::string_view title;   ///< English
  std::string_view detail;  ///< Japanese, as the pages say it; what happened may say it better
};
std::span<const ProblemInfo> all_problems();

struct Problem {
  ProblemType type = ProblemType::internal;
  std::string detail{};  ///< empty: the type's own
  service::FieldErrors errors{};
};

Response problem_response(const Problem& problem, const std::string& instance);

}  // namespace v2x::web
