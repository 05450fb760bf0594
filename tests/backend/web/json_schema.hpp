// Holds JSON against the schemas of an OpenAPI document: the part of them that ours uses; an unknown keyword fails.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>

namespace v2x::test {

class JsonSchema {
 public:
  explicit JsonSchema(const nlohmann::json& document) : document_(document) {}

  /// What is wrong, with the place; empty when nothing is.
  std::string check(const nlohmann::json& value, const nlohmann::json& schema, const std::string& at = "$") const {
    if (schema.contains("$ref")) return check(value, resolved(schema["$ref"].get<std::string>()), at);
    for (const auto& [keyword, unused] : schema.items())
      if (!kKeywords.contains(keyword)) return at + ": the schema has the keyword " + keyword;
    if (value.is_null()) return schema.value("nullable", false) ? "" : at + " is null";
    if (!has_type(value, schema.value("type", ""))) return at + " is no " + schema.value("type", "");
    if (schema.contains("enum") &&
        std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end())
      return at + " is " + value.dump();
    if (value.is_string()) return check_text(value.get<std::string>(), schema, at);
    if (value.is_array()) return check_items(value, schema, at);
    return value.is_object() ? check_members(value, schema, at) : "";
  }

 private:
  static inline const std::set<std::string> kKeywords{
      "type", "nullable",  "enum",      "format",  "items",   "properties", "required",    "additionalProperties",
      "$ref", "minLength", "maxLength", "minimum", "maximum", "default",    "description", "pattern"};

  const nlohmann::json& resolved(std::string reference) const {
    return document_.at(nlohmann::json::json_pointer(reference.substr(1)));  // "#/components/…"
  }
  static bool has_type(const nlohmann::json& value, const std::string& type) {
    return (type == "string" && value.is_string()) || (type == "integer" && value.is_number_integer()) ||
           (type == "boolean" && value.is_boolean()) || (type == "array" && value.is_array()) ||
           (type == "object" && value.is_object());
  }
  static std::string check_text(const std::string& text, const nlohmann::json& schema, const std::string& at) {
    static const std::regex time(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+09:00)");
    if (schema.value("format", "") == "date-time" && !std::regex_match(text, time)) return at + " is no time: " + text;
    if (text.size() < schema.value("minLength", size_t{0}) || text.size() > schema.value("maxLength", size_t{100'000}))
      return at + " has a wrong length";
    return "";
  }
  std::string check_items(const nlohmann::json& list, const nlohmann::json& schema, const std::string& at) const {
    for (size_t i = 0; i < list.size(); ++i)
      if (auto wrong = check(list[i], schema.at("items"), at + "[" + std::to_string(i) + "]"); !wrong.empty())
        return wrong;
    return "";
  }
  std::string check_members(const nlohmann::json& object, const nlohmann::json& schema, const std::string& at) const {
    const nlohmann::json properties = schema.value("properties", nlohmann::json::object());
    for (const auto& name : schema.value("required", nlohmann::json::array()))
      if (!object.contains(name.get<std::string>())) return at + " lacks " + name.get<std::string>();
    for (const auto& [name, value] : object.items()) {
      if (!properties.contains(name)) {
        if (!schema.value("additionalProperties", true)) return at + " has an unknown member " + name;
        continue;
      }
      if (auto wrong = check(value, properties[name], at + "." + name); !wrong.empty()) return wrong;
    }
    return "";
  }

  const nlohmann::json& document_;
};

}  // namespace v2x::test
