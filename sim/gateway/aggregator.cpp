#include "sim/gateway/aggregator.hpp"

#include <algorithm>
#include <cmath>

namespace v2x::gateway {
namespace {

constexpr std::uint32_t kUnknownState = 0xFF;  // telemetry.proto, UnitSample.state
constexpr std::int64_t kBlink_w = 200;         // what two polls of one moment differ by at most; default

/// 701.InvSt of a state; in island a unit runs.
std::uint32_t inverter_state(UnitState state) {
  return state == UnitState::island ? static_cast<std::uint32_t>(UnitState::running)
                                    : static_cast<std::uint32_t>(state);
}

bool islanded(const Readings& readings) {
  const auto detail = readings.word<StateDetail>(Reading::detail);
  return detail == StateDetail::island || detail == StateDetail::black_start;
}

std::int64_t fixed(double value, double steps_per_unit) {
  return static_cast<std::int64_t>(std::llround(value * steps_per_unit));
}

std::uint32_t unsigned_fixed(double value, double steps_per_unit) {
  return static_cast<std::uint32_t>(std::max<std::int64_t>(0, fixed(value, steps_per_unit)));
}

telemetry::Throttle to_telemetry(Suppression suppression) {
  switch (suppression) {
    case Suppression::none:
      return telemetry::THROTTLE_NONE;
    case Suppression::output_control:
      return telemetry::THROTTLE_OUTPUT_CONTROL;
    case Suppression::other:
      return telemetry::THROTTLE_OTHER;
  }
  return telemetry::THROTTLE_NONE;
}

telemetry::VehicleState vehicle_state(const Readings& readings) {
  const auto plug = readings.word<Plug>(Reading::plug);
  if (!plug) return telemetry::VEHICLE_STATE_UNKNOWN;
  if (*plug == Plug::unplugged) return telemetry::VEHICLE_STATE_UNPLUGGED;
  const auto stage = readings.word<Stage>(Reading::stage);
  if (stage == Stage::fault || stage == Stage::emergency) return telemetry::VEHICLE_STATE_STOPPED;
  const double ac_w = readings[Reading::ac_w].value_or(0);
  if (stage != Stage::power_flow || ac_w == 0) return telemetry::VEHICLE_STATE_STANDBY;
  return ac_w < 0 ? telemetry::VEHICLE_STATE_CHARGING : telemetry::VEHICLE_STATE_DISCHARGING;
}

void add_strings(const Readings& readings, telemetry::UnitSample& line) {
  int strings = 0;
  for (int n = 0; n < kMaxStrings; ++n)
    if (readings[nth(Reading::string_1_v, n)] || readings[nth(Reading::string_1_a, n)]) strings = n + 1;
  for (int n = 0; n < strings; ++n) {
    telemetry::StringSample& string = *line.add_strings();
    if (const auto volts = readings[nth(Reading::string_1_v, n)]) string.set_volts_cv(unsigned_fixed(*volts, 100));
    if (const auto amperes = readings[nth(Reading::string_1_a, n)])
      string.set_amperes_ca(static_cast<std::int32_t>(fixed(*amperes, 100)));
  }
}

void add_to(std::optional<std::int64_t>& sum, bool& complete, std::optional<double> part) {
  if (part) {
    sum = sum.value_or(0) + fixed(*part, 1);
  } else {
    complete = false;
  }
}

}  // namespace

void TimeMean::add(Time at, double value) {
  if (last_at_) {
    const double seconds = std::chrono::duration<double>(at - *last_at_).count();
    integral_ += (last_value_ + value) / 2 * seconds;
    covered_s_ += seconds;
  }
  last_at_ = at;
  last_value_ = value;
  sum_ += value;
  ++count_;
}

std::optional<double> TimeMean::close_period() {
  std::optional<double> mean;
  if (covered_s_ > 0) {
    mean = integral_ / covered_s_;
  } else if (count_ > 0) {
    mean = sum_ / count_;
  }
  integral_ = covered_s_ = sum_ = 0;
  count_ = 0;
  return mean;
}

Aggregator::Aggregator(const std::vector<GatewayUnit>& units) {
  for (const GatewayUnit& unit : units) {
    units_.emplace_back().unit = unit;
    counters_.add_unit(unit);
  }
}

void Aggregator::on_poll(size_t index, Time now, PollQuality quality, const Readings& readings) {
  UnitPeriod& period = units_[index];
  if (quality == PollQuality::good) {
    ++period.good;
  } else {
    ++period.failed;
    period.last_failure = quality;
  }
  if (const auto watts = readings[Reading::ac_w]) {
    period.ac_w.add(now, *watts);
    period.positive.add(now, std::max(0.0, *watts));
    period.negative.add(now, std::max(0.0, -*watts));
  } else {
    period.ac_w.interrupt();
    period.positive.interrupt();
    period.negative.interrupt();
  }
  for (size_t i = 0; i < kReadingCount; ++i)
    if (const auto value = readings[static_cast<Reading>(i)]) period.last.set(static_cast<Reading>(i), value);
  counters_.on_poll(period.unit.unit_no, readings);
}

bool Aggregator::has(UnitKind kind) const {
  return std::any_of(units_.begin(), units_.end(), [&](const UnitPeriod& p) { return p.unit.kind == kind; });
}

void Aggregator::close_period(Time start, Duration length, telemetry::Sample& sample) {
  using std::chrono::duration_cast, std::chrono::milliseconds;
  sample.Clear();
  sample.set_start_ms(duration_cast<milliseconds>(start.time_since_epoch()).count());
  sample.set_length_ms(static_cast<std::uint32_t>(duration_cast<milliseconds>(length).count()));
  fill_states(sample);
  SiteMeans means = close_means(sample);
  close_balance(means);
  fill_means(means, sample);
  fill_counters(sample);
  for (UnitPeriod& period : units_) {
    period.last.clear();
    period.good = period.failed = 0;
  }
}

Aggregator::SiteMeans Aggregator::close_means(telemetry::Sample& sample) {
  SiteMeans means;
  bool all_pv = true, all_ev = true, all_meters = true;
  for (UnitPeriod& period : units_) {
    const auto ac_w = period.ac_w.close_period();
    const auto positive = period.positive.close_period();
    const auto negative = period.negative.close_period();
    switch (period.unit.kind) {
      case UnitKind::pv_pcs:
        add_to(means.pv_w, all_pv, positive);
        break;
      case UnitKind::ev_pcs:
        add_to(means.discharge_w, all_ev, positive);
        add_to(means.charge_w, all_ev, negative);
        break;
      case UnitKind::meter:
        add_to(means.buy_w, all_meters, positive);
        add_to(means.sell_w, all_meters, negative);
        break;
    }
    fill_unit(period, ac_w, sample);
  }
  if (!all_pv) means.pv_w.reset();
  if (!all_ev) means.charge_w.reset(), means.discharge_w.reset();
  if (!all_meters) means.buy_w.reset(), means.sell_w.reset();
  return means;
}

void Aggregator::fill_means(const SiteMeans& means, telemetry::Sample& sample) const {
  if (means.pv_w) sample.set_pv_w(static_cast<std::uint32_t>(*means.pv_w));
  if (means.buy_w) sample.set_buy_w(static_cast<std::uint32_t>(*means.buy_w));
  if (means.sell_w) sample.set_sell_w(static_cast<std::uint32_t>(*means.sell_w));
  if (means.charge_w) sample.set_charge_w(static_cast<std::uint32_t>(*means.charge_w));
  if (means.discharge_w) sample.set_discharge_w(static_cast<std::uint32_t>(*means.discharge_w));
  if (means.load_w) sample.set_load_w(static_cast<std::uint32_t>(*means.load_w));
}

/// Polls are a few tens of milliseconds apart: a load a little below 0 can only be that, and is taken from the
/// outflows. Far below, something generates that the gateway doesn't see: what was measured is told.
void Aggregator::close_balance(SiteMeans& means) const {
  const bool pv_known = means.pv_w || !has(UnitKind::pv_pcs);
  const bool ev_known = means.charge_w || !has(UnitKind::ev_pcs);
  if (!pv_known || !ev_known || !means.buy_w) return;
  std::int64_t load_w = means.pv_w.value_or(0) + *means.buy_w + means.discharge_w.value_or(0) - *means.sell_w -
                        means.charge_w.value_or(0);
  if (load_w < -kBlink_w) load_w = 0;
  for (auto* outflow : {&means.sell_w, &means.charge_w}) {
    if (load_w >= 0 || !*outflow) continue;
    const std::int64_t part_w = std::min(-load_w, **outflow);
    **outflow -= part_w;
    load_w += part_w;
  }
  means.load_w = load_w;
}

void Aggregator::fill_counters(telemetry::Sample& sample) {
  const SiteTotals totals = counters_.close_period();
  if (totals.pv_wh) sample.set_pv_wh(*totals.pv_wh);
  if (totals.load_wh) sample.set_load_wh(*totals.load_wh);
  if (totals.buy_wh) sample.set_buy_wh(*totals.buy_wh);
  if (totals.sell_wh) sample.set_sell_wh(*totals.sell_wh);
  if (totals.charge_wh) sample.set_charge_wh(*totals.charge_wh);
  if (totals.discharge_wh) sample.set_discharge_wh(*totals.discharge_wh);
}

void Aggregator::fill_states(telemetry::Sample& sample) const {
  Suppression strongest = Suppression::none;
  for (const UnitPeriod& period : units_) {
    const auto suppression = period.last.word<Suppression>(Reading::suppression).value_or(Suppression::none);
    if (suppression == Suppression::output_control || strongest == Suppression::none) strongest = suppression;
    if (islanded(period.last)) sample.set_island(true);
    if (period.unit.kind == UnitKind::ev_pcs && !sample.has_ev()) fill_car(period, sample);
  }
  sample.set_throttle(to_telemetry(strongest));
}

void Aggregator::fill_car(const UnitPeriod& period, telemetry::Sample& sample) const {
  if (period.good == 0) return;
  telemetry::EvSample& ev = *sample.mutable_ev();
  ev.set_state(vehicle_state(period.last));
  if (const auto soc = period.last[Reading::soc_pct]) ev.set_soc_permille(unsigned_fixed(*soc, 10));
  if (const auto stored = period.last[Reading::stored_wh]) ev.set_remaining_wh(unsigned_fixed(*stored, 1));
}

void Aggregator::fill_unit(const UnitPeriod& period, std::optional<double> ac_w, telemetry::Sample& sample) const {
  telemetry::UnitSample& line = *sample.add_units();
  const Readings& last = period.last;
  line.set_unit_no(period.unit.unit_no);
  const auto state = last.word<UnitState>(Reading::state);
  line.set_state(state ? inverter_state(*state) : kUnknownState);
  // A meter generates nothing: its power is in buy_w and sell_w.
  if (ac_w && period.unit.kind != UnitKind::meter) line.set_ac_w(static_cast<std::int32_t>(fixed(*ac_w, 1)));
  if (const auto volts = last[Reading::volts_u]) line.set_volts_u_cv(unsigned_fixed(*volts, 100));
  if (const auto volts = last[Reading::volts_v]) line.set_volts_v_cv(unsigned_fixed(*volts, 100));
  if (const auto hertz = last[Reading::hertz]) line.set_frequency_mhz(unsigned_fixed(*hertz, 1000));
  if (const auto celsius = last[Reading::cabinet_c])
    line.set_temperature_cc(static_cast<std::int32_t>(fixed(*celsius, 100)));
  add_strings(last, line);
  if (period.good > 0) {
    line.set_quality(period.failed > 0 ? telemetry::QUALITY_STALE : telemetry::QUALITY_GOOD);
  } else {
    const bool refused = period.failed > 0 && period.last_failure == PollQuality::exception;
    line.set_quality(refused ? telemetry::QUALITY_EXCEPTION : telemetry::QUALITY_NO_ANSWER);
  }
}

}  // namespace v2x::gateway
