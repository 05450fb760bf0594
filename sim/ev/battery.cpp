#include "sim/ev/battery.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace v2x::ev {
namespace {

struct Point {
  double charge, volt;
};
// Measured at C/20–C/32 on an NMC cell.
constexpr std::array<Point, 10> kCell{{{0, 2.500},
                                       {.005, 2.808},
                                       {.035, 3.118},
                                       {.085, 3.318},
                                       {.136, 3.419},
                                       {.292, 3.583},
                                       {.452, 3.694},
                                       {.839, 4.066},
                                       {.955, 4.112},
                                       {1, 4.200}}};
constexpr double kCellAtEmpty = 0.06, kCellSpan = 0.925;  // default: what a car shows as 0 and 100 %
constexpr double kRcShare = 0.5;                          // R1 = 0.5·R0
constexpr double kRcTimeS = 45;
constexpr double kResistancePerK = 0.025;  // default
constexpr double kChargeEfficiency = 0.995;
constexpr double kCvMarginV = 0.5;            // default: above the open-circuit voltage when full
constexpr double kEndOfChargeC = 0.02;        // default: charging ends below this share of the capacity per hour
constexpr double kThermalTimeS = 3 * 3600.0;  // default
constexpr double kThermalRise = 0.04;         // K/W, default
constexpr double kSecondsPerHour = 3600;

size_t segment(double charge) {
  size_t i = 1;
  while (i + 1 < kCell.size() && charge > kCell[i].charge) ++i;
  return i;
}

double cell_v(double charge) {
  const size_t i = segment(charge);
  const Point &a = kCell[i - 1], &b = kCell[i];
  return a.volt + (b.volt - a.volt) * (charge - a.charge) / (b.charge - a.charge);
}

/// ∫ cell_v from 0.
double cell_area(double charge) {
  double area = 0;
  const size_t last = segment(charge);
  for (size_t i = 1; i < last; ++i)
    area += (kCell[i].charge - kCell[i - 1].charge) * (kCell[i].volt + kCell[i - 1].volt) / 2;
  return area + (charge - kCell[last - 1].charge) * (cell_v(charge) + kCell[last - 1].volt) / 2;
}

double cell_charge(double soc) {
  return kCellAtEmpty + kCellSpan * soc;
}

/// Volt of one cell, averaged over the displayed charge from 0 to `soc`, times `soc`.
double volt_area(double soc) {
  static const double empty = cell_area(kCellAtEmpty);
  return (cell_area(cell_charge(soc)) - empty) / kCellSpan;
}

/// 0 at `none`, 1 at `full`, linear between.
double between(double x, double none, double full) {
  return std::clamp((x - none) / (full - none), 0.0, 1.0);
}

}  // namespace

Battery::Battery(const BatteryConfig& config, double soc, double temperature_c) : config_(config), soc_(soc) {
  capacity_ah_ = config.usable_wh / (config.cells * volt_area(1));
  set_temperature(temperature_c);
}

void Battery::set_temperature(double celsius) {
  temperature_c_ = celsius;
  resistance_ = config_.r0_ohm * std::exp(kResistancePerK * (25 - celsius));
}

double Battery::open_v() const {
  return config_.cells * cell_v(cell_charge(soc_));
}
double Battery::largest_v() const {
  return config_.cells * cell_v(cell_charge(1)) + kCvMarginV;
}
double Battery::smallest_v() const {
  return config_.cells * kCell.front().volt;
}
double Battery::stored_wh() const {
  return capacity_ah_ * config_.cells * volt_area(soc_);
}

double Battery::current_for(double terminal_w) const {
  const double inner_v = open_v() - polarisation_v_;
  return 2 * terminal_w / (inner_v + std::sqrt(std::max(0.0, inner_v * inner_v - 4 * resistance_ * terminal_w)));
}

double Battery::charge_limit_a(double largest_a) const {
  const double warm = between(temperature_c_, -15, 10) * between(temperature_c_, 57, 45);
  const double room_v = largest_v() - open_v();
  const double steady_a = room_v / (resistance_ * (1 + kRcShare));
  const double present_a = (room_v + polarisation_v_) / resistance_;  // polarisation is negative when charging
  const double limit_a = std::clamp(std::min(steady_a, present_a), 0.0, largest_a * warm);
  return limit_a < kEndOfChargeC * capacity_ah_ ? 0 : limit_a;
}

double Battery::discharge_limit_a(double largest_a) const {
  return largest_a * between(temperature_c_, -25, 0) * between(temperature_c_, 60, 50);
}

Duration Battery::time_to(double soc, double current_a) const {
  const double charge_a = current_a < 0 ? -current_a * kChargeEfficiency : -current_a;
  const double seconds = (soc - soc_) * capacity_ah_ * kSecondsPerHour / charge_a;
  if (charge_a == 0 || seconds < 0 || seconds > 1e9) return Duration::max();
  return Duration(static_cast<Duration::rep>(seconds * 1e6));
}

void Battery::integrate(double current_a, double ambient_c, Duration dt) {
  const double seconds = std::chrono::duration<double>(dt).count();
  const double heat_w = ohmic_w(current_a) + inefficiency_w(current_a);
  const double efficiency = current_a < 0 ? kChargeEfficiency : 1;
  soc_ -= current_a * efficiency * seconds / (capacity_ah_ * kSecondsPerHour);
  const double settles_v = current_a * kRcShare * resistance_;
  polarisation_v_ = settles_v + (polarisation_v_ - settles_v) * std::exp(-seconds / kRcTimeS);
  const double settles_c = ambient_c + kThermalRise * heat_w;
  set_temperature(settles_c + (temperature_c_ - settles_c) * std::exp(-seconds / kThermalTimeS));
}

double Battery::chemical_w(double current_a) const {
  return open_v() * current_a * (current_a < 0 ? kChargeEfficiency : 1);
}

double Battery::ohmic_w(double current_a) const {
  return current_a * (current_a * resistance_ + polarisation_v_);
}

double Battery::inefficiency_w(double current_a) const {
  return current_a < 0 ? -open_v() * current_a * (1 - kChargeEfficiency) : 0;
}

}  // namespace v2x::ev
