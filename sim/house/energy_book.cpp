#include "sim/house/energy_book.hpp"

#include <algorithm>
#include <cmath>

namespace v2x::house {
namespace {

using std::chrono::minutes;

}  // namespace

EnergyBook::EnergyBook(Time start) : first_(std::chrono::floor<minutes>(start)), minutes_{Energy{}} {}

void EnergyBook::add(const HousePower& power, Duration dt) {
  const double hours = std::chrono::duration<double, std::ratio<3600>>(dt).count();
  sum_.pv_wh += power.pv_w * hours;
  sum_.load_wh += (power.load_w + power.aux_w) * hours;
  (power.grid_w >= 0 ? sum_.buy_wh : sum_.sell_wh) += std::abs(power.grid_w) * hours;
  (power.ev_w >= 0 ? sum_.charge_wh : sum_.discharge_wh) += std::abs(power.ev_w) * hours;
}

void EnergyBook::latch(Time minute) {
  if (minute > first_) minutes_.push_back(sum_);
}

Energy EnergyBook::at(Time t) const {
  const auto index = std::chrono::floor<minutes>(t - first_).count();
  return minutes_[static_cast<size_t>(
      std::clamp<std::int64_t>(index, 0, static_cast<std::int64_t>(minutes_.size()) - 1))];
}

Energy EnergyBook::between(Time from, Time to) const {
  const Energy a = at(from), b = at(to);
  return {b.pv_wh - a.pv_wh,     b.load_wh - a.load_wh,     b.buy_wh - a.buy_wh,
          b.sell_wh - a.sell_wh, b.charge_wh - a.charge_wh, b.discharge_wh - a.discharge_wh};
}

}  // namespace v2x::house
