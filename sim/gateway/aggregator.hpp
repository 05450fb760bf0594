// One Sample per report period: means weighted by time, counters, the car, one line for each unit.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/gateway/energy_counters.hpp"
#include "sim/gateway/unit_reader.hpp"

namespace v2x::gateway {

/// Mean of a quantity over the time that valid polls cover: between two of them it moves in a straight line.
class TimeMean {
 public:
  void add(Time at, double value);
  /// The time around a failed poll is not covered.
  void interrupt() { last_at_.reset(); }
  /// nullopt when nothing was read in the period. Begins the next period; the last value stays its first point.
  std::optional<double> close_period();

 private:
  std::optional<Time> last_at_;
  double last_value_ = 0;
  double integral_ = 0;  ///< value · s
  double covered_s_ = 0;
  double sum_ = 0;
  int count_ = 0;
};

/// Collects polls and closes periods. Owned by the gateway, no clock of its own.
class Aggregator {
 public:
  explicit Aggregator(const std::vector<GatewayUnit>& units);

  void on_poll(size_t unit, Time now, PollQuality quality, const Readings& readings);
  void unit_replaced(size_t unit) { counters_.unit_replaced(units_[unit].unit.unit_no); }
  /// Fills `sample` and begins the next period.
  void close_period(Time start, Duration length, telemetry::Sample& sample);

  std::string counters_text() const { return counters_.text(); }
  void restore_counters(std::string_view text) { counters_.restore(text); }

 private:
  struct UnitPeriod {
    GatewayUnit unit;
    TimeMean ac_w;      ///< + = generating; of a meter: + = buying
    TimeMean positive;  ///< of ac_w: generation, discharge, purchase
    TimeMean negative;  ///< of −ac_w: charge, sale
    Readings last;      ///< newest valid values of this period
    int good = 0;
    int failed = 0;
    PollQuality last_failure = PollQuality::no_answer;
  };
  /// Whole watts, so that the balance closes exactly.
  struct SiteMeans {
    std::optional<std::int64_t> pv_w, load_w, buy_w, sell_w, charge_w, discharge_w;
  };

  bool has(UnitKind kind) const;
  SiteMeans close_means(telemetry::Sample& sample);
  void close_balance(SiteMeans& means) const;
  void fill_means(const SiteMeans& means, telemetry::Sample& sample) const;
  void fill_counters(telemetry::Sample& sample);
  void fill_states(telemetry::Sample& sample) const;
  void fill_car(const UnitPeriod& period, telemetry::Sample& sample) const;
  void fill_unit(const UnitPeriod& period, std::optional<double> ac_w, telemetry::Sample& sample) const;

  std::vector<UnitPeriod> units_;
  EnergyCounters counters_;
};

}  // namespace v2x::gateway
