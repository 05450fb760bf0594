#include "harness/scenario/paths.hpp"

#include <fmt/format.h>

#include <cmath>

#include "common/nearest.hpp"

namespace v2x::scenario {
namespace {

constexpr const char* kCar = "ev";           // <site>.ev
constexpr const char* kGateway = "gateway";  // <site>.gateway

std::pair<std::string, std::string> split(const std::string& path) {
  const auto dot = path.find('.');
  if (dot == std::string::npos) return {path, ""};
  return {path.substr(0, dot), path.substr(dot + 1)};
}

/// The kind of owner that the word after the site stands for; empty for a quantity of the site itself.
std::string kind_of(const Site& site, const std::string& word) {
  if (const Unit* unit = site.find_unit(word)) return unit->kind;
  if (word == kCar && site.has_car) return "car";
  if (word == kGateway && !site.gateway_id.empty()) return "gateway";
  return {};
}

std::string number(double value) {
  return fmt::format("{}", value);
}

}  // namespace

Json Condition::to_json() const {
  Json json = demand;
  json["path"] = path;
  return json;
}

bool Condition::holds(const Json& value) const {
  if (demand.contains("is")) return value == demand["is"];
  if (!value.is_number()) return false;
  const double found = value.get<double>();
  if (demand.contains("below")) return found < demand["below"].get<double>();
  if (demand.contains("above")) return found > demand["above"].get<double>();
  return std::abs(found - demand["near"].get<double>()) <= demand["by"].get<double>();
}

const contracts::Quantity* Paths::find(const std::string& path) const {
  const auto [site_name, rest] = split(path);
  const Site* site = world_.find_site(site_name);
  if (!site || rest.empty()) return nullptr;
  const auto [owner, quantity] = split(rest);
  const std::string kind = kind_of(*site, owner);
  const auto* found = kind.empty() ? nullptr : catalogue_.find(kind, quantity);
  return found ? found : catalogue_.find("site", rest);
}

const contracts::Quantity& Paths::resolve(const std::string& path, const yaml::Node& place) const {
  if (const auto* found = find(path)) return *found;
  const std::string site = split(path).first;
  if (!world_.find_site(site)) place.refuse(unknown_word(site, "site of world " + world_.name, world_.site_names()));
  place.refuse(unknown_word(path, "quantity", all(site)));
}

std::vector<std::string> Paths::all(const std::string& site_name) const {
  std::vector<std::string> out;
  const Site* site = world_.find_site(site_name);
  if (!site) return out;
  const auto add = [&](const std::string& prefix, const std::string& kind) {
    for (const auto& quantity : catalogue_.of(kind)) out.push_back(prefix + quantity.name);
  };
  add(site_name + ".", "site");
  for (const Unit& unit : site->units) add(site_name + "." + unit.name + ".", unit.kind);
  if (site->has_car) add(site_name + "." + kCar + ".", "car");
  if (!site->gateway_id.empty()) add(site_name + "." + kGateway + ".", "gateway");
  return out;
}

Json Paths::value(const contracts::Quantity& quantity, const yaml::Node& node) {
  if (node.text() == "absent") return nullptr;
  if (!quantity.words.empty()) return node.word(quantity.words, "value of " + quantity.name);
  if (quantity.text) return node.text() == "none" ? Json("") : Json(node.text());
  return node.measure(quantity.unit);
}

Condition Paths::condition(const std::string& path, const yaml::Node& key, const yaml::Node& demand) const {
  const contracts::Quantity& quantity = resolve(path, key);
  const auto show = [&](const Json& value) { return show_value(value, quantity.unit); };
  if (!demand.is_map()) {
    const Json wanted = value(quantity, demand);
    return {path, {{"is", wanted}}, path + " is " + show(wanted), quantity.unit};
  }
  demand.allow_only({"is", "below", "above", "near", "by"});
  if (demand.has("is")) return condition(path, key, demand.at("is"));
  if (quantity.text || !quantity.words.empty()) demand.refuse(path + " is no number, expected a value");
  if (demand.has("near")) {
    const double near = demand.at("near").measure(quantity.unit);
    const double by = demand.at("by").measure(quantity.unit);
    return {path, {{"near", near}, {"by", by}}, path + " is " + show(near) + " ± " + show(by), quantity.unit};
  }
  for (const char* side : {"below", "above"})
    if (demand.has(side)) {
      const double limit = demand.at(side).measure(quantity.unit);
      return {path, {{side, limit}}, path + " " + side + " " + show(limit), quantity.unit};
    }
  demand.refuse("no demand, expected one of is, below, above, near with by");
}

std::string show_value(const Json& value, const std::string& unit) {
  if (value.is_null()) return "absent";
  if (value.is_string()) return value.get<std::string>().empty() ? "none" : value.get<std::string>();
  if (!value.is_number()) return value.dump();
  return unit.empty() ? number(value.get<double>()) : number(value.get<double>()) + " " + unit;
}

}  // namespace v2x::scenario
