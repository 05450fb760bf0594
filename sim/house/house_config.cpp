#include "sim/house/house_config.hpp"

#include <algorithm>
#include <array>

namespace v2x::house {
namespace {

// 北海道 青森 岩手 宮城 秋田 山形 福島 茨城 栃木 群馬 埼玉 千葉 東京 神奈川 新潟 山梨
constexpr std::array kFiftyHertz{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 19};

}  // namespace

std::string to_string(UnitKind kind) {
  switch (kind) {
    case UnitKind::pv_pcs:
      return "pv_pcs";
    case UnitKind::ev_pcs:
      return "ev_pcs";
    case UnitKind::meter:
      break;
  }
  return "meter";
}

double nominal_frequency_hz(int prefecture) {
  return std::find(kFiftyHertz.begin(), kFiftyHertz.end(), prefecture) != kFiftyHertz.end() ? 50 : 60;
}

void number_units(std::vector<UnitConfig>& units) {
  int next = 1;
  for (UnitConfig& unit : units)
    if (unit.kind != UnitKind::meter) unit.unit_no = next++;
  for (UnitConfig& unit : units)
    if (unit.kind == UnitKind::meter) unit.unit_no = next++;
}

}  // namespace v2x::house
