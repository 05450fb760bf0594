#include "sim/core/register_manual.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sim/core/register_codec.hpp"

namespace v2x::core {
namespace {

constexpr std::uint16_t kEndModel = 0xFFFF;

std::string access_name(PointAccess access) {
  return access == PointAccess::r ? "r" : access == PointAccess::rw ? "rw" : "w";
}

/// "0.01 A": what one step of the raw value is.
std::string step_text(const Point& point) {
  if (point.type == PointType::string || point.type == PointType::pad || point.type == PointType::sf) return "";
  if (point.scale == 0) return point.unit;
  return fmt::format("{:g}{}{}", std::pow(10, point.scale), point.unit.empty() ? "" : " ", point.unit);
}

std::string words_text(const Point& point) {
  std::string text;
  const bool bits = point.type == PointType::bits16 || point.type == PointType::bits32;
  for (const auto& [raw, word] : point.words)
    text += fmt::format("{}{}{} {}", text.empty() ? "" : ", ", bits ? "bit " : "", raw, word);
  return text;
}

std::string limits_text(const WriteRule& rule) {
  std::string text;
  if (std::isfinite(rule.min) && std::isfinite(rule.max)) text = fmt::format("{:g} to {:g}", rule.min, rule.max);
  if (rule.min_magnitude > 0) text += fmt::format(", at least ±{:g}", rule.min_magnitude);
  if (rule.step > 0) text += fmt::format(", steps of {:g}", rule.step);
  if (!rule.effect.empty()) text += (text.empty() ? "" : "; ") + rule.effect;
  if (!rule.revert.empty()) text += fmt::format("{}ends after {}", text.empty() ? "" : "; ", rule.revert);
  return text;
}

/// What feeds it, its words and what may be written.
std::string content_text(const Point& point) {
  std::string text;
  const auto add = [&](const std::string& part) {
    if (!part.empty()) text += (text.empty() ? "" : "; ") + part;
  };
  if (!point.quantity.empty()) {
    add("`" + point.quantity + "`");
  } else if (!point.constant) {
    add("not available");
  } else if (const auto* number = std::get_if<double>(&*point.constant)) {
    add(fmt::format("always {:g}", *number));
  } else if (const auto* constant = std::get_if<std::string>(&*point.constant)) {
    add("always \"" + *constant + "\"");
  }
  add(words_text(point));
  if (point.write) add(limits_text(*point.write));
  return text;
}

std::string block_heading(const RegisterMap& map, const Block& block) {
  const bool sunspec = map.blocks().back().model == kEndModel;
  if (!sunspec) return fmt::format("### {} at {}, {} registers\n", block.title, block.address, block.length);
  if (block.model == 0) return fmt::format("### \"SunS\" at {}\n", block.address);
  if (block.model == kEndModel) return fmt::format("### End at {}\n", block.address);
  return fmt::format("### Model {}: {}, ID at {}, L {}\n", block.model, block.title, block.address, block.length - 2);
}

std::string block_text(const RegisterMap& map, const Block& block) {
  std::string text = block_heading(map, block);
  text +=
      "\n| address | offset | registers | point | type | step | access | content "
      "|\n|---|---|---|---|---|---|---|---|\n";
  for (const size_t index : block.points) {
    const Point& point = map.points()[index];
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n", point.address, point.address - block.address,
                        point.size, point.name, facts(point.type).name, step_text(point), access_name(point.access),
                        content_text(point));
  }
  return text + "\n";
}

}  // namespace

std::string register_manual(const RegisterMap& map) {
  std::string text = fmt::format("## {}\n\nMap `{}` for a `{}`. Functions {}. ", map.title(), map.name(), map.device(),
                                 fmt::join(map.functions(), ", "));
  text += map.gaps() == Gaps::exception ? "Registers between blocks are refused with exception 2.\n\n"
          : map.gaps() == Gaps::zero    ? "Registers between blocks read as 0.\n\n"
                                        : "Registers between blocks read as FFFF.\n\n";
  for (const Block& block : map.blocks()) text += block_text(map, block);
  return text;
}

std::string register_manual(const std::vector<RegisterMap>& maps) {
  std::string text =
      "# Register maps\n\n"
      "Made by `v2x-sim registers --markdown` from the maps in `sim/pcs/maps/`. Addresses are those of the protocol, "
      "from 0.\n"
      "One step of a raw value is worth what the column *step* says. A point without a value reads as the sentinel of "
      "its\n"
      "type (SunSpec: u16 FFFF, s16 8000, u32 FFFFFFFF, s32 80000000, text NUL, counters 0). Writes outside of the "
      "limits get\n"
      "exception 3, writes to the rest exception 2.\n\n";
  for (const RegisterMap& map : maps) text += register_manual(map);
  text.pop_back();  // one line feed ends the document
  return text;
}

}  // namespace v2x::core
