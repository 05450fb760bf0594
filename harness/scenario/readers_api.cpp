#include <charconv>

#include "harness/scenario/readers.hpp"

namespace v2x::scenario::readers {
namespace {

/// YAML as JSON: what looks like a number or a truth value is one, unless it is quoted away in a text with more.
Json value_of(const Node& node) {
  if (node.is_null()) return nullptr;
  if (node.is_map()) {
    Json object = Json::object();
    for (const auto& [name, value] : node.entries()) object[name] = value_of(value);
    return object;
  }
  if (node.is_list()) {
    Json list = Json::array();
    for (const Node& item : node.items()) list.push_back(value_of(item));
    return list;
  }
  const std::string text = node.text();
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure == std::errc() && end == text.data() + text.size()) return number;
  if (text == "true" || text == "false") return text == "true";
  return text;
}

}  // namespace

Act api(const Node& node, const Scope& scope) {
  Api step;
  step.person = scope.person(node.at("as"));
  if (node.has("get") == node.has("post")) node.refuse("expected either 'get' or 'post' with a path");
  const std::string key = node.has("get") ? "get" : "post";
  step.method = key == "get" ? "GET" : "POST";
  step.path = node.at(key).text();
  if (!step.path.starts_with('/')) node.at(key).refuse("expected a path that begins with /, like /sites");
  constexpr std::string_view kGateway = "{gw}";
  if (const size_t at = step.path.find(kGateway); at != std::string::npos)
    step.path.replace(at, kGateway.size(), scope.world.find_site(scope.site_or_only(node, "site"))->gateway_id);
  if (node.has("body")) step.body = value_of(node.at("body"));
  if (node.has("status")) step.status = static_cast<int>(node.at("status").integer());
  if (node.has("shows"))
    for (const auto& [name, value] : node.at("shows").entries()) step.shows.emplace_back(name, value.text());
  return step;
}

}  // namespace v2x::scenario::readers
