#include "sim/site/condition.hpp"

#include <fmt/format.h>

#include <cmath>

#include "common/nearest.hpp"
#include "common/units.hpp"

namespace v2x::site {

void PathIndex::add(const std::string& prefix, const core::QuantityTable& table) {
  owners_.push_back({prefix + ".", &table});
}

Result<PathTarget> PathIndex::find(const std::string& path) const {
  // The longest prefix that knows the rest wins: "home.ev.soc" is the car's, "home.meter.power" the site's although
  // there is a unit of the name meter.
  const Owner* best = nullptr;
  PathTarget target;
  for (const Owner& owner : owners_) {
    if (!path.starts_with(owner.prefix) || (best && owner.prefix.size() < best->prefix.size())) continue;
    const auto slot = owner.table->find(std::string_view(path).substr(owner.prefix.size()));
    if (!slot) continue;
    best = &owner;
    target = {owner.table, *slot};
  }
  if (best) return target;
  return fail("unknown_path", unknown_word(path, "path", paths()));
}

std::vector<std::string> PathIndex::paths() const {
  std::vector<std::string> all;
  for (const Owner& owner : owners_)
    for (core::Slot slot = 0; slot < owner.table->size(); ++slot)
      all.push_back(owner.prefix + owner.table->quantity(slot).name);
  return all;
}

Json show(const PathTarget& target) {
  const core::QuantityTable& table = *target.table;
  if (!table.has(target.slot)) return nullptr;
  const auto& quantity = table.quantity(target.slot);
  if (quantity.text || !quantity.words.empty()) return table.text(target.slot);
  return table.number(target.slot);
}

Result<Condition> Condition::parse(const Json& json, const PathIndex& paths) {
  Condition condition;
  condition.json_ = json;
  if (!json.is_object()) return fail("bad_argument", "a condition is an object: " + json.dump());
  if (json.contains("happened")) {
    condition.kind_ = Kind::happened;
    return condition;
  }
  const auto path = argument<std::string>(json, "path");
  if (!path) return fail(path.error());
  const auto target = paths.find(*path);
  if (!target) return fail(target.error());
  condition.target_ = *target;
  condition.hold_ = from_seconds(json.value("for", 0.0));
  const auto bound = [&](Kind kind, const char* name) {
    condition.kind_ = kind;
    return argument<double>(json, name);
  };
  if (json.contains("is")) {
    const Json& is = json["is"];
    condition.absent_ = is.is_null();
    if (is.is_string()) condition.word_ = is.get<std::string>();
    if (is.is_number()) condition.bound_ = is.get<double>();
    return condition;
  }
  const char* name = json.contains("below") ? "below" : json.contains("above") ? "above" : "near";
  const auto number = bound(json.contains("below")   ? Kind::below
                            : json.contains("above") ? Kind::above
                                                     : Kind::near,
                            name);
  if (!number) return fail("bad_argument", "a condition needs one of is, below, above, near: " + json.dump());
  condition.bound_ = *number;
  condition.by_ = json.value("by", 0.0);
  return condition;
}

bool Condition::true_now() const {
  const core::QuantityTable* table = target_.table;
  if (!table->has(target_.slot)) return kind_ == Kind::is && absent_;
  const auto& quantity = table->quantity(target_.slot);
  const double value = table->number(target_.slot);
  switch (kind_) {
    case Kind::is:
      if (absent_) return false;
      return quantity.text || !quantity.words.empty() ? table->text(target_.slot) == word_ : value == bound_;
    case Kind::below:
      return value < bound_;
    case Kind::above:
      return value > bound_;
    case Kind::near:
      return std::abs(value - bound_) <= by_;
    case Kind::happened:
      break;
  }
  return false;
}

bool Condition::holds(Time now) {
  if (kind_ == Kind::happened) return false;
  if (!true_now()) {
    since_.reset();
    return false;
  }
  if (!since_) since_ = now;
  return now - *since_ >= hold_;
}

std::optional<Time> Condition::due() const {
  return since_ ? std::optional(*since_ + hold_) : std::nullopt;
}

bool Condition::matches(const Json& happening) const {
  if (kind_ != Kind::happened || happening.value("what", "") != json_["happened"]) return false;
  for (const auto& [name, value] : json_.items())
    if (name != "happened" && (!happening.contains(name) || happening[name] != value)) return false;
  return true;
}

}  // namespace v2x::site
