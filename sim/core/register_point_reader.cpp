#include "sim/core/register_point_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "common/nearest.hpp"
#include "common/units.hpp"
#include "sim/core/register_codec.hpp"

namespace v2x::core {
namespace {

constexpr int kLargestScale = 10;    // SunSpec: sunssf is -10 … 10
constexpr int kLongestString = 125;  // registers of one read
constexpr int kRegisterBits = 16;

const std::vector<std::string> kPointKeys{"at",     "name",  "size",  "type",      "quantity", "value",
                                          "unit",   "enum",  "bits",  "access",    "scale",    "sf",
                                          "absent", "write", "round", "word_order"};
const std::vector<std::string> kAccessWords{"r", "rw", "w"};

bool is_bits(PointType type) {
  return type == PointType::bits16 || type == PointType::bits32;
}

bool may_have_words(PointType type) {
  return type == PointType::enum16 || type == PointType::u16 || type == PointType::u32;
}

std::string filled_in(std::string text, const PointContext& context) {
  const std::string placeholder = "{" + context.index + "}";
  if (context.index.empty()) return text;
  for (auto at = text.find(placeholder); at != std::string::npos; at = text.find(placeholder))
    text.replace(at, placeholder.size(), std::to_string(context.number));
  return text;
}

PointType read_type(const yaml::Node& node) {
  const auto names = point_type_names();
  const std::string word = node.word(names, "point type");
  return static_cast<PointType>(std::find(names.begin(), names.end(), word) - names.begin());
}

std::uint16_t read_size(const yaml::Node& node, PointType type) {
  const std::uint16_t fixed = facts(type).registers;
  if (type == PointType::string) return static_cast<std::uint16_t>(read_whole(node.at("size"), 1, kLongestString));
  if (!node.has("size")) return fixed;
  if (type == PointType::pad) return static_cast<std::uint16_t>(read_whole(node.at("size"), 1, 0xFFFF));
  return static_cast<std::uint16_t>(read_whole(node.at("size"), fixed, fixed));
}

/// Names of repeated points stay unique: "DCA" becomes "DCA[2]" unless it has the index in it.
std::string read_name(const yaml::Node& node, const PointContext& context) {
  const std::string written = node.text();
  const std::string name = filled_in(written, context);
  return context.index.empty() || name != written ? name : fmt::format("{}[{}]", name, context.number);
}

PointValue read_constant(const yaml::Node& node, PointType type, const PointContext& context) {
  const std::string text = filled_in(node.text(), context);
  if (type == PointType::string) return text;
  const auto number = parse_measure(text);
  if (!number || !number->unit.empty()) node.refuse(fmt::format("found '{}', expected a number without a unit", text));
  if (type == PointType::sf && (std::abs(number->value) > kLargestScale || number->value != std::round(number->value)))
    node.refuse(fmt::format("found {}, expected a power of ten from -{} to {}", text, kLargestScale, kLargestScale));
  return number->value;
}

const contracts::Quantity& read_quantity(const yaml::Node& node, const PointContext& context) {
  const std::string name = filled_in(node.text(), context);
  if (const auto* found = context.catalogue->find(context.device, name)) return *found;
  std::vector<std::string> names;
  for (const auto& quantity : context.catalogue->of(context.device)) names.push_back(quantity.name);
  node.refuse(unknown_word(name, "quantity of " + context.device, names));
}

/// `enum: {4: [running, island], 7: fault}` or `bits: {0: max_w}`, with the words of `known` when there are any.
void read_words(Point& point, const yaml::Node& node, std::int64_t most, const std::vector<std::string>& known) {
  const auto add = [&](std::int64_t raw, const yaml::Node& word) {
    const std::string text = known.empty() ? word.text() : word.word(known, "word of " + point.quantity);
    point.words.emplace_back(raw, text);
  };
  for (const auto& [key, value] : node.entries()) {
    const std::int64_t raw = read_whole(node.key(key), 0, most);
    if (value.is_list())
      for (const auto& word : value.items()) add(raw, word);
    else
      add(raw, value);
  }
}

void require_all_words(const Point& point, const yaml::Node& node, const std::vector<std::string>& known) {
  for (const std::string& word : known) {
    const auto same = [&](const auto& entry) { return entry.second == word; };
    if (std::none_of(point.words.begin(), point.words.end(), same))
      node.refuse(fmt::format("'{}' of {} has no raw value, expected one", word, point.quantity));
  }
}

/// Words of an enumeration or names of bits: the map's, or else the quantity's own numbering.
void read_meanings(Point& point, const yaml::Node& node, const contracts::Quantity* quantity) {
  const std::vector<std::string> none;
  if (node.has("enum")) {
    if (!may_have_words(point.type)) node.at("enum").refuse("expected an enum only on enum16, u16 or u32");
    const auto& known = quantity ? quantity->words : none;
    read_words(point, node.at("enum"), 0xFFFF, known);
    return require_all_words(point, node.at("enum"), known);
  }
  if (node.has("bits")) {
    if (!is_bits(point.type)) node.at("bits").refuse("expected bits only on bits16 or bits32");
    return read_words(point, node.at("bits"), point.size * kRegisterBits - 1, quantity ? quantity->bits : none);
  }
  if (!quantity) return;
  const auto& own = is_bits(point.type) ? quantity->bits : quantity->words;
  for (size_t i = 0; i < own.size(); ++i) point.words.emplace_back(i, own[i]);
}

WriteRule read_write_rule(const yaml::Node& node) {
  node.allow_only({"min", "max", "min_magnitude", "step", "effect", "revert", "group"});
  WriteRule rule;
  if (node.has("min")) rule.min = node.at("min").number();
  if (node.has("max")) rule.max = node.at("max").number();
  if (node.has("min_magnitude")) rule.min_magnitude = node.at("min_magnitude").number();
  if (node.has("step")) rule.step = node.at("step").number();
  if (node.has("effect")) rule.effect = node.at("effect").text();
  if (node.has("revert")) rule.revert = node.at("revert").text();
  if (node.has("group")) rule.group = node.at("group").text();
  if (rule.min > rule.max) node.refuse(fmt::format("min {} is above max {}", rule.min, rule.max));
  return rule;
}

void read_access(Point& point, const yaml::Node& node, const contracts::Quantity* quantity) {
  if (node.has("access")) {
    const std::string word = node.at("access").word(kAccessWords, "access");
    point.access = word == "r" ? PointAccess::r : word == "rw" ? PointAccess::rw : PointAccess::w;
  }
  if (node.has("write")) point.write = read_write_rule(node.at("write"));
  if (point.access == PointAccess::r) {
    if (point.write) node.at("write").refuse("a point with access r has no write rule, expected access rw or w");
    return;
  }
  if (point.type == PointType::string) node.at("access").refuse("texts cannot be written, expected access r");
  if (!quantity || quantity->access == contracts::QuantityAccess::r)
    node.at("access").refuse("nothing takes this write, expected a quantity of access rw or pin");
}

void read_source(Point& point, const yaml::Node& node, const PointContext& context) {
  const contracts::Quantity* quantity = nullptr;
  if (node.has("quantity")) {
    if (node.has("value")) node.at("value").refuse("expected quantity or value, not both");
    quantity = &read_quantity(node.at("quantity"), context);
    point.quantity = quantity->name;
    if (quantity->text != (point.type == PointType::string))
      node.at("type").refuse(fmt::format("{} is {}, expected {}", point.quantity, quantity->text ? "a text" : "no text",
                                         quantity->text ? "type string" : "another type than string"));
  }
  if (node.has("value")) point.constant = read_constant(node.at("value"), point.type, context);
  read_meanings(point, node, quantity);
  read_access(point, node, quantity);
}

}  // namespace

std::int64_t read_whole(const yaml::Node& node, std::int64_t least, std::int64_t most) {
  const std::string text = node.text();
  const bool hexadecimal = text.starts_with("0x");
  const char* const end = text.data() + text.size();
  std::int64_t value = 0;
  const auto parsed = std::from_chars(text.data() + (hexadecimal ? 2 : 0), end, value, hexadecimal ? 16 : 10);
  if (parsed.ec != std::errc() || parsed.ptr != end || value < least || value > most)
    node.refuse(least == most ? fmt::format("found {}, expected {}", text, least)
                              : fmt::format("found {}, expected a whole number from {} to {}", text, least, most));
  return value;
}

bool read_word_order(const yaml::Node& node) {
  return node.word({"big", "little"}, "word order") == "little";
}

PointDraft read_point(const yaml::Node& node, const PointContext& context) {
  node.allow_only(kPointKeys);
  PointDraft draft{.point = {}, .sf = {}, .node = node};
  Point& point = draft.point;
  point.name = read_name(node.at("name"), context);
  point.type = read_type(node.at("type"));
  point.size = read_size(node, point.type);
  const std::uint32_t address = context.base + static_cast<std::uint32_t>(read_whole(node.at("at"), 0, 0xFFFF));
  if (address + point.size > 0x10000) node.at("at").refuse(fmt::format("address {} is beyond 65535", address));
  point.address = static_cast<std::uint16_t>(address);
  if (node.has("unit")) point.unit = node.at("unit").text();
  if (node.has("sf")) draft.sf = filled_in(node.at("sf").text(), context);
  if (node.has("scale")) point.scale = static_cast<int>(read_whole(node.at("scale"), -kLargestScale, kLargestScale));
  if (node.has("round")) point.round_down = node.at("round").word({"nearest", "down"}, "rounding") == "down";
  point.round_down = point.round_down || facts(point.type).counter;
  point.little_words = node.has("word_order") ? read_word_order(node.at("word_order")) : context.little_words;
  point.absent_raw = facts(point.type).absent;
  if (node.has("absent")) point.absent_raw = static_cast<std::uint64_t>(read_whole(node.at("absent"), 0, INT64_MAX));
  read_source(point, node, context);
  return draft;
}

}  // namespace v2x::core
