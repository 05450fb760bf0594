#include "sim/house/invariants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "common/jst.hpp"
#include "sim/power/power_conditioner.hpp"

namespace v2x::house {
namespace {

constexpr double kPowerTolerance = 1e-6;  // W
constexpr double kBooksTolerance = 0.1;   // Wh
constexpr double kBooksRelative = 1e-9;
constexpr double kMeterTolerance = 1e-3;  // Wh
constexpr double kChargeTolerance = 1e-9;
constexpr std::string_view kOutage = "outage", kIsland = "island";

}  // namespace

Invariants::Invariants(std::string site, const core::QuantityTable& site_table, const ev::Car* car)
    : site_(std::move(site)),
      site_table_(&site_table),
      car_(car),
      grid_(site_table.slot("grid_w")),
      load_(site_table.slot("load_w")),
      aux_(site_table.slot("aux_w")),
      meter_(site_table.slot("meter.power")),
      buy_(site_table.slot("meter.buy_w")),
      sell_(site_table.slot("meter.sell_w")),
      grid_state_(site_table.slot("grid.state")) {
  if (car_) stored_at_start_wh_ = car_->battery().stored_wh();
}

void Invariants::watch(const std::string& name, const core::QuantityTable& table) {
  Unit unit{name,
            &table,
            table.kind() == "pv_pcs",
            table.slot("ac.power"),
            table.slot("dc.power"),
            table.slot("ac.relay"),
            {},
            {},
            {},
            table.slot("state")};
  for (const char* counter : {"ac.energy_injected", "ac.energy_absorbed", "ac.varh_injected", "ac.varh_absorbed"})
    unit.counters.push_back(table.slot(counter));
  for (int n = 1; n <= 4; ++n) {
    if (const auto power = table.find(fmt::format("dc[{}].power", n)); power && table.has(*power))
      unit.strings.push_back(*power);
    for (const char* name_of : {"dc[{}].energy", "dc[{}].energy_absorbed"})
      if (const auto slot = table.find(fmt::format(fmt::runtime(name_of), n))) unit.counters.push_back(*slot);
  }
  unit.last.resize(unit.counters.size());
  units_.push_back(std::move(unit));
}

void Invariants::allow_fall(const core::QuantityTable* unit) {
  for (Unit& one : units_)
    if (one.table == unit) one.may_fall = true;
}

void Invariants::integrate(Duration dt) {
  const double hours = std::chrono::duration<double, std::ratio<3600>>(dt).count();
  for (const Unit& unit : units_) {
    const double ac_w = unit.table->number(unit.ac), dc_w = unit.table->number(unit.dc);
    if (unit.is_pv) books_.pv_dc += dc_w * hours;
    books_.conversion_loss += (dc_w - ac_w) * hours;
  }
  books_.load += site(load_) * hours;
  books_.aux += site(aux_) * hours;
  books_.meter += site(meter_) * hours;
}

void Invariants::report(const char* invariant, const std::string& terms) {
  if (!breach_) breach_ = fmt::format("{} is broken in {} at {}: {}", invariant, site_, format_time(now_), terms);
}

void Invariants::check(const Circumstances& circumstances, Time now) {
  now_ = now;
  check_balance();
  for (Unit& unit : units_) check_unit(unit);
  check_battery();
  check_books(circumstances);
  check_meter(circumstances);
  check_darkness(circumstances);
  check_outage();
}

void Invariants::check_balance() {
  double generated = 0;
  for (const Unit& unit : units_) generated += unit.table->number(unit.ac);
  if (std::abs(site(grid_) + generated - site(load_) - site(aux_)) > kPowerTolerance)
    report("N1", fmt::format("grid {} W + units {} W is not load {} W + own supplies {} W", site(grid_), generated,
                             site(load_), site(aux_)));
}

void Invariants::check_unit(Unit& unit) {
  const double ac_w = unit.table->number(unit.ac), dc_w = unit.table->number(unit.dc);
  double strings_w = 0;
  for (const core::Slot slot : unit.strings) strings_w += unit.table->number(slot);
  if (std::abs(strings_w - dc_w) > kPowerTolerance)
    report("N2", fmt::format("{}: inputs {} W are not DC power {} W", unit.name, strings_w, dc_w));
  if (dc_w - ac_w < -kPowerTolerance || dc_w * ac_w < 0)  // a loss is never negative, energy flows one way
    report("N2", fmt::format("{}: DC power {} W gives AC power {} W", unit.name, dc_w, ac_w));
  for (size_t i = 0; i < unit.counters.size(); ++i) {
    const double wh = unit.table->number(unit.counters[i]);
    if (wh < unit.last[i] && !unit.may_fall)
      report("N6", fmt::format("{}: {} fell from {} to {}", unit.name, unit.table->quantity(unit.counters[i]).name,
                               unit.last[i], wh));
    unit.last[i] = wh;
  }
  unit.may_fall = false;
  // In self-sustained operation the output has a relay of its own; ac.relay is the grid's.
  const bool island = unit.table->number(unit.state) == static_cast<double>(power::State::island);
  if (unit.table->number(unit.relay) == 0 && ac_w != 0 && !island)
    report("N8", fmt::format("{}: {} W through an open relay", unit.name, ac_w));
}

void Invariants::check_battery() {
  if (!car_) return;
  if (std::abs(car_->balance_error_w()) > kPowerTolerance)
    report("N3", fmt::format("the battery's energy falls {} W faster than port {} W, own draw {} W and losses explain",
                             car_->balance_error_w(), car_->port_w(), car_->aux_w()));
  for (const Unit& unit : units_)
    if (!unit.is_pv && std::abs(unit.table->number(unit.dc) - car_->port_w()) > kPowerTolerance)
      report("N3", fmt::format("{}: DC power {} W, but {} W at the car", unit.name, unit.table->number(unit.dc),
                               car_->port_w()));
  const ev::Battery& battery = car_->battery();
  const double soc = battery.soc() * 100, volt = car_->port_v();
  if (soc < -kChargeTolerance || soc > 100 + kChargeTolerance) report("N7", fmt::format("state of charge {} %", soc));
  if (volt < battery.smallest_v() - kPowerTolerance || volt > battery.largest_v() + kPowerTolerance)
    report("N7", fmt::format("pack voltage {} V outside {} to {} V", volt, battery.smallest_v(), battery.largest_v()));
}

void Invariants::check_books(const Circumstances& circumstances) {
  const double outside = car_ ? car_->outside_wh() : 0;
  const double rise = car_ ? car_->battery().stored_wh() - stored_at_start_wh_ : 0;
  const double in_car = car_ ? car_->lost_wh() + car_->aux_wh() : 0;
  const double came = books_.pv_dc + circumstances.buy_wh + outside;
  const double went = books_.load + circumstances.sell_wh + books_.aux + books_.conversion_loss + in_car + rise;
  if (std::abs(came - went) > kBooksTolerance + kBooksRelative * std::abs(came))
    report("N4",
           fmt::format("{} Wh came in (PV {}, bought {}, outside {}), {} Wh are accounted for (load {}, sold {}, own "
                       "supplies {}, conversion {}, in the car {}, stored {})",
                       came, books_.pv_dc, circumstances.buy_wh, outside, went, books_.load, circumstances.sell_wh,
                       books_.aux, books_.conversion_loss, in_car, rise));
}

void Invariants::check_meter(const Circumstances& circumstances) {
  if (site(buy_) * site(sell_) != 0) report("N5", fmt::format("buying {} W and selling {} W", site(buy_), site(sell_)));
  const double counted = circumstances.buy_wh - circumstances.sell_wh;
  if (std::abs(counted - books_.meter) > kMeterTolerance)
    report("N5", fmt::format("the counters say {} Wh, the power of the meter sums up to {} Wh", counted, books_.meter));
}

void Invariants::check_darkness(const Circumstances& circumstances) {
  if (circumstances.dark && circumstances.offered_w != 0)
    report("N8", fmt::format("panels offer {} W in the dark", circumstances.offered_w));
}

void Invariants::check_outage() {
  const std::string state = site_table_->quantity(grid_state_).words[static_cast<size_t>(site(grid_state_))];
  if (state == kOutage && std::abs(site(grid_)) > kPowerTolerance)
    report("N9", fmt::format("{} W from the grid in an outage", site(grid_)));
  double generated = 0;
  for (const Unit& unit : units_) generated += unit.table->number(unit.ac);
  if (state == kIsland && std::abs(generated - site(load_) - site(aux_)) > kPowerTolerance)
    report("N9", fmt::format("island: {} W generated for {} W", generated, site(load_) + site(aux_)));
}

}  // namespace v2x::house
