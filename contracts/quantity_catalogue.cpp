#include "contracts/quantity_catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/nearest.hpp"
#include "common/resources.hpp"
#include "common/yaml.hpp"

namespace v2x::contracts {
namespace {

constexpr int kMostIndices = 32;  // units and strings are bounded by telemetry.proto
constexpr std::string_view kIndex = "[n]";

const std::vector<std::string> kKinds{"pv_pcs", "ev_pcs", "meter", "site", "car", "gateway"};
const std::vector<std::string> kAccessWords{"r", "rw", "pin"};

std::vector<std::string> texts(const yaml::Node& list) {
  std::vector<std::string> out;
  for (const auto& item : list.items()) out.push_back(item.text());
  return out;
}

QuantityAccess read_access(const yaml::Node& entry) {
  if (!entry.has("access")) return QuantityAccess::r;
  const std::string word = entry.at("access").word(kAccessWords, "access");
  return word == "r" ? QuantityAccess::r : word == "rw" ? QuantityAccess::rw : QuantityAccess::pin;
}

Quantity read_quantity(const std::string& name, const yaml::Node& entry) {
  entry.allow_only({"unit", "words", "bits", "text", "access", "title"});
  Quantity quantity;
  quantity.name = name;
  if (entry.has("unit")) quantity.unit = entry.at("unit").text();
  if (entry.has("words")) quantity.words = texts(entry.at("words"));
  if (entry.has("bits")) quantity.bits = texts(entry.at("bits"));
  if (entry.has("text")) quantity.text = entry.at("text").boolean();
  quantity.access = read_access(entry);
  quantity.title = entry.at("title").text();
  const int shapes = !quantity.words.empty() + !quantity.bits.empty() + quantity.text + !quantity.unit.empty();
  if (shapes > 1) entry.refuse(fmt::format("'{}' has more than one of unit, words, bits, text; expected one", name));
  return quantity;
}

int read_count(const yaml::Node& group, const std::string& kind) {
  const yaml::Node node = group.at("count").at(kind);
  const auto count = node.integer();
  if (count < 1 || count > kMostIndices) node.refuse(fmt::format("found {}, expected 1 to {}", count, kMostIndices));
  return static_cast<int>(count);
}

void add(std::vector<Quantity>& owned, Quantity quantity, const yaml::Node& place) {
  for (const Quantity& other : owned)
    if (other.name == quantity.name) place.refuse(fmt::format("'{}' is here twice for one kind", quantity.name));
  owned.push_back(std::move(quantity));
}

/// One group for one of its kinds. "[n]" counts in the outer loop: dc[1].voltage, dc[1].current, dc[2].voltage …
void add_group(std::vector<Quantity>& owned, const yaml::Node& group, const std::string& kind) {
  const int count = group.has("count") ? read_count(group, kind) : 1;
  for (int n = 1; n <= count; ++n) {
    for (const auto& [name, entry] : group.at("quantities").entries()) {
      Quantity quantity = read_quantity(name, entry);
      const auto index = name.find(kIndex);
      if ((index != std::string::npos) != group.has("count"))
        entry.refuse(fmt::format("'{}': expected [n] in the name if, and only if, its group has a count", name));
      if (index != std::string::npos) quantity.name.replace(index, kIndex.size(), fmt::format("[{}]", n));
      add(owned, std::move(quantity), entry);
    }
  }
}

}  // namespace

QuantityCatalogue QuantityCatalogue::load() {
  return load(resource("contracts") / "quantities.yaml");
}

QuantityCatalogue QuantityCatalogue::load(const std::filesystem::path& file) {
  QuantityCatalogue catalogue;
  for (const std::string& kind : kKinds) catalogue.kinds_[kind];
  for (const auto& group : yaml::load_file(file).items()) {
    group.allow_only({"kinds", "count", "quantities"});
    for (const auto& kind : group.at("kinds").items())
      add_group(catalogue.kinds_[kind.word(kKinds, "kind")], group, kind.text());
  }
  return catalogue;
}

std::vector<std::string> QuantityCatalogue::kinds() const {
  return kKinds;
}

const std::vector<Quantity>& QuantityCatalogue::of(const std::string& kind) const {
  const auto found = kinds_.find(kind);
  if (found == kinds_.end()) throw BadInput(unknown_word(kind, "kind of owner", kKinds));
  return found->second;
}

const Quantity* QuantityCatalogue::find(const std::string& kind, const std::string& name) const {
  const auto& owned = of(kind);
  const auto found = std::find_if(owned.begin(), owned.end(), [&](const Quantity& q) { return q.name == name; });
  return found == owned.end() ? nullptr : &*found;
}

}  // namespace v2x::contracts
