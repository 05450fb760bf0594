#include "backend/web/api/json_body.hpp"

#include <set>
#include <vector>

namespace v2x::web {

Result<nlohmann::json> parse_body(const std::string& text) {
  if (text.empty()) return nlohmann::json::object();
  using Event = nlohmann::json::parse_event_t;
  std::vector<std::set<std::string>> names;  // of the objects that are open
  bool repeated = false;
  const auto watch = [&](int, Event event, nlohmann::json& parsed) {
    if (event == Event::object_start) names.emplace_back();
    if (event == Event::object_end) names.pop_back();
    if (event == Event::key) repeated = !names.back().insert(parsed.get<std::string>()).second || repeated;
    return true;
  };
  constexpr bool kThrow = false;
  nlohmann::json body = nlohmann::json::parse(text, watch, kThrow);
  if (body.is_discarded() || !body.is_object()) return fail("bad_json", "expected a JSON object");
  if (repeated) return fail("repeated", "a member is given twice");
  return body;
}

}  // namespace v2x::web
