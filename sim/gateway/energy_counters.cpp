#include "sim/gateway/energy_counters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <sstream>

namespace v2x::gateway {
namespace {

std::uint64_t modulus_of(const core::RegisterMap& map, std::string_view quantity) {
  bool wide = false;
  for (const core::Point& point : map.points())
    if (point.quantity == quantity) wide = wide || point.size >= 4;
  return wide ? 0 : std::uint64_t{1} << 32;  // acc32 and u32
}

std::initializer_list<Reading> counters_of(UnitKind kind) {
  static constexpr std::initializer_list<Reading> kPv = {Reading::injected_wh};
  static constexpr std::initializer_list<Reading> kEv = {Reading::injected_wh, Reading::absorbed_wh};
  static constexpr std::initializer_list<Reading> kMeter = {Reading::buy_wh, Reading::sell_wh};
  return kind == UnitKind::pv_pcs ? kPv : kind == UnitKind::ev_pcs ? kEv : kMeter;
}

constexpr std::uint64_t kBlink_wh = 20;  // what counters read in one moment differ by at most; default

/// Lowers `total` by up to `most`, not below what was told before. Returns by how much.
std::uint64_t hold_back(std::optional<std::uint64_t>& total, std::uint64_t told, std::uint64_t most) {
  if (!total || *total <= told) return 0;
  const std::uint64_t held = std::min(most, *total - told);
  *total -= held;
  return held;
}

}  // namespace

bool DeviceCounter::read(std::uint64_t raw) {
  if (last_ && raw >= *last_) {
    total_ += raw - *last_;
  } else if (last_ && modulus_ != 0 && *last_ - raw > modulus_ / 2) {
    total_ += raw + modulus_ - *last_;  // wrapped
  } else if (last_ && raw == 0) {
    return false;
  }
  last_ = raw;
  return true;
}

void EnergyCounters::add_unit(const GatewayUnit& unit) {
  for (const WantedQuantity& wanted : wanted_quantities(unit.kind))
    for (const Reading reading : counters_of(unit.kind))
      if (wanted.reading == reading)
        entries_[{unit.unit_no, reading}] = {unit.kind, DeviceCounter(modulus_of(*unit.map, wanted.quantity)), false};
}

void EnergyCounters::on_poll(std::uint32_t unit_no, const Readings& readings) {
  for (auto& [key, entry] : entries_) {
    if (key.first != unit_no) continue;
    const auto value = readings[key.second];
    if (!value) continue;
    if (entry.counter.read(static_cast<std::uint64_t>(*value))) entry.fresh = true;
  }
}

void EnergyCounters::unit_replaced(std::uint32_t unit_no) {
  for (auto& [key, entry] : entries_)
    if (key.first == unit_no) entry.counter.forget_base();
}

bool EnergyCounters::has(UnitKind kind) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const auto& item) { return item.second.kind == kind; });
}

std::optional<std::uint64_t> EnergyCounters::total(UnitKind kind, Reading reading) const {
  std::optional<std::uint64_t> sum;
  for (const auto& [key, entry] : entries_) {
    if (entry.kind != kind || key.second != reading) continue;
    if (!entry.fresh) return std::nullopt;
    sum = sum.value_or(0) + entry.counter.total_wh();
  }
  return sum;
}

void EnergyCounters::close_balance(SiteTotals& totals) {
  if (!totals.buy_wh || !totals.sell_wh) return;
  if (has(UnitKind::pv_pcs) && !totals.pv_wh) return;
  if (has(UnitKind::ev_pcs) && !totals.charge_wh) return;
  const std::uint64_t in = totals.pv_wh.value_or(0) + *totals.buy_wh + totals.discharge_wh.value_or(0);
  const std::uint64_t out = *totals.sell_wh + totals.charge_wh.value_or(0);
  std::uint64_t ahead = out + load_wh_ > in ? out + load_wh_ - in : 0;
  if (ahead > kBlink_wh) {  // something generates that the gateway doesn't see: what was counted is told
    totals.load_wh = load_wh_;
    return;
  }
  ahead -= hold_back(totals.sell_wh, sell_wh_, ahead);
  ahead -= hold_back(totals.charge_wh, charge_wh_, ahead);
  load_wh_ = in + ahead - *totals.sell_wh - totals.charge_wh.value_or(0);
  totals.load_wh = load_wh_;
}

SiteTotals EnergyCounters::close_period() {
  SiteTotals totals;
  totals.pv_wh = total(UnitKind::pv_pcs, Reading::injected_wh);
  totals.buy_wh = total(UnitKind::meter, Reading::buy_wh);
  totals.sell_wh = total(UnitKind::meter, Reading::sell_wh);
  totals.charge_wh = total(UnitKind::ev_pcs, Reading::absorbed_wh);
  totals.discharge_wh = total(UnitKind::ev_pcs, Reading::injected_wh);
  close_balance(totals);
  sell_wh_ = totals.sell_wh.value_or(sell_wh_);
  charge_wh_ = totals.charge_wh.value_or(charge_wh_);
  for (auto& [key, entry] : entries_) entry.fresh = false;
  return totals;
}

std::string EnergyCounters::text() const {
  fmt::memory_buffer text;
  fmt::format_to(std::back_inserter(text), "{} {} {}\n", load_wh_, sell_wh_, charge_wh_);
  for (const auto& [key, entry] : entries_) {
    const auto last = entry.counter.last();
    fmt::format_to(std::back_inserter(text), "{} {} {} {} {}\n", key.first, static_cast<int>(key.second),
                   entry.counter.total_wh(), last.has_value() ? 1 : 0, last.value_or(0));
  }
  return fmt::to_string(text);
}

void EnergyCounters::restore(std::string_view text) {
  std::istringstream lines{std::string(text)};
  lines >> load_wh_ >> sell_wh_ >> charge_wh_;
  std::uint32_t unit_no = 0;
  int reading = 0, has_last = 0;
  std::uint64_t total = 0, last = 0;
  while (lines >> unit_no >> reading >> total >> has_last >> last) {
    const auto found = entries_.find({unit_no, static_cast<Reading>(reading)});
    if (found == entries_.end()) continue;
    found->second.counter.restore(total, has_last != 0 ? std::optional(last) : std::nullopt);
  }
}

}  // namespace v2x::gateway
