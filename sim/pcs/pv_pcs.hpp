// A PV power conditioner (KPV-A style): strings in, constant cos φ out, with its states from sleeping to fault.
#pragma once

#include <array>
#include <vector>

#include "sim/pcs/mppt.hpp"
#include "sim/pcs/outlet.hpp"
#include "sim/pcs/pv_watts.hpp"
#include "sim/pcs/string_watch.hpp"
#include "sim/power/power_conditioner.hpp"

namespace v2x::pcs {

inline constexpr size_t kMostStrings = 4;

struct PvPcsConfig {
  power::Identity identity;
  double nominal_hz = 60;
  size_t strings = 4;
};

/// A plain model: see sim/power/power_conditioner.hpp for who calls what, when.
class PvPcs final : public power::PowerConditioner {
 public:
  PvPcs(const PvPcsConfig& config, const contracts::QuantityCatalogue& quantities,
        const contracts::FaultCatalogue& faults, Time start);

  bool pin(std::string_view quantity, std::optional<double> value, Time now) override;
  /// One per string, without defects.
  void see_strings(std::span<const power::DcSource> strings);
  /// Sum of what the strings offer at their maximum power points.
  double mpp_w() const { return mpp_w_; }
  /// What the self-sustained output feeds now, beside the house.
  double outlet_w() const { return state() == power::State::island ? outlet_.load_w() : 0; }

 private:
  struct StringSlots {
    core::Slot voltage, current, power, energy, state, alarms;
  };

  /// What bounds the output now, and why.
  struct Bound {
    double watt = 0;
    int reason_bit = 0;
    bool ordered = false;  ///< by output control
  };

  void integrate_dc(Duration dt) override;
  void step_state(Time now) override;
  power::Flow solve(Time now) override;
  double own_supply_of(power::State state) const override;
  Time next_own_change(Time now) const override;
  void publish_own(Time now) override;
  void on_trip(Time now) override;
  void save_dc() override { saved_string_wh_ = string_wh_; }
  void restore_dc() override { string_wh_ = saved_string_wh_; }
  void watch_own(Time now) override;
  bool answers_when_off() const override { return false; }

  void find_slots();
  bool on_grid() const { return state() == power::State::running || state() == power::State::throttled; }
  /// A lower bound of the output wins over a higher one.
  void lower(Bound& lowest, double watt, int reason_bit, bool ordered = false) const;
  bool step_once(Time now);
  bool step_off_grid(Time now);
  bool may_feed_outlet(Time now) const;
  power::Flow solve_island();
  void watch_conditions(Time now);
  void connect(Time now);
  void shut_down(power::State then, Time now);
  Bound bound(Time now) const;
  void share_among_strings(double dc_w);

  PvWatts inverter_;
  StringWatch string_watch_;
  Outlet outlet_;
  std::vector<power::DcSource> sound_;     ///< as the sun makes them
  std::vector<power::DcSource> sources_;   ///< with their defects
  std::vector<double> trackable_w_;        ///< what each tracker may take
  double mpp_w_ = 0, trackable_dc_w_ = 0;  ///< sums
  std::vector<DcPoint> points_;
  std::vector<double> string_wh_, saved_string_wh_;
  double string_limit_a_;
  power::HoldTimer dawn_, dusk_, start_check_;
  power::Ramp soft_start_;  ///< share of the rating, 0…1
  power::Ramp run_down_;    ///< share of the power at the beginning of the shutdown, 1…0
  double run_down_from_w_ = 0;
  power::State after_shutdown_ = power::State::standby;
  double available_w_ = 0;
  bool clipped_ = false;
  Bound bound_;

  std::vector<StringSlots> slots_;
  core::Slot available_slot_, throttle_slot_, reasons_slot_, suppression_slot_, clipped_slot_, mode_slot_,
      connection_slot_, forming_slot_;
};

}  // namespace v2x::pcs
