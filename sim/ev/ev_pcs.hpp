// The EV power conditioner (KPEP-A style): charges the car and feeds the house from it, as told and within limits.
#pragma once

#include "sim/ev/car.hpp"
#include "sim/ev/chademo_charger.hpp"
#include "sim/ev/ev_commands.hpp"
#include "sim/ev/self_sustained.hpp"
#include "sim/power/power_conditioner.hpp"

namespace v2x::ev {

struct EvPcsConfig {
  power::Identity identity;
  double nominal_hz = 60;
};

/// A plain model: see sim/power/power_conditioner.hpp for who calls what, when. Its own current transformer tells it
/// see_net(); the target follows 0.2 s later, and the power follows the target in steps of 100 ms. What `storage.*`
/// says is known from plug-in on, what `vehicle.*` says from the first CAN session on.
class EvPcs final : public power::PowerConditioner {
 public:
  /// `car` outlives this object; nullptr: nobody ever plugs in here.
  EvPcs(const EvPcsConfig& config, Car* car, const contracts::QuantityCatalogue& quantities,
        const contracts::FaultCatalogue& faults, Time start);

  void plug(Time now);
  /// By force: also a plug that is locked.
  void unplug(bool forced, Time now);
  const ChademoCharger& charger() const { return charger_; }
  CanBus& can_bus() { return bus_; }
  /// What the house lacks (+) or has left (−) without the car, in W on each leg.
  void see_net(double net_u_w, double net_v_w, Time now);
  /// Also for the dark moment between the car and the grid: then 0 V.
  std::optional<power::GridView> forms() const override { return formed_; }
  bool pin(std::string_view quantity, std::optional<double> value, Time now) override;

 private:
  bool knows(core::Slot slot) const override;
  void apply(core::Slot slot, double value, Time now) override;
  void integrate_dc(Duration dt) override;
  void save_dc() override { saved_ = counted_; }
  void restore_dc() override { counted_ = saved_; }
  void watch_own(Time now) override;
  void step_state(Time now) override;
  power::Flow solve(Time now) override;
  double own_supply_of(power::State state) const override;
  Time next_own_change(Time now) const override;
  void publish_own(Time now) override;
  void on_trip(Time now) override;

  void find_slots();
  /// What bounds the power in both directions, and why.
  struct Bound {
    double watt = 0;
    int reason_bits = 0;   ///< of 701.ThrotSrc
    bool ordered = false;  ///< by output control
  };
  Bound bound(Time now) const;
  EvRequest request(Time now) const;
  void find_limits();
  void evaluate(Time now);
  void run_session(Time now);
  OutageView outage_view(Time now) const;
  bool must_stop() const;
  void form(Time now);
  power::Flow solve_island(Time now);
  void publish_island();
  void obey(Time now);
  void steer_session(Time now);
  void watch_session_fault(Time now);
  double largest_ac_w(double wanted_w, Time now) const;
  void approach(double wanted_w, Time now);
  double tickle_w(Time now) const;
  power::State state_of_stage(Time now) const;
  bool may_run(Time now) const;
  bool method_active(Time now) const;
  double floor() const;
  double ceiling() const;
  int storage_state() const;
  void publish_storage();
  void publish_vehicle();
  void publish_heard();

  Car* car_;
  Connector connector_;
  CanBus bus_;
  ChademoCharger charger_;
  EvCommands orders_;
  SelfSustained self_sustained_;
  std::optional<power::GridView> formed_;
  std::string_view session_fault_;
  double net_w_ = 0, net_u_w_ = 0, net_v_w_ = 0, ct_offset_w_ = 0;
  double target_w_ = 0;  ///< AC, + discharging
  double ac_w_ = 0;      ///< on its way to the target
  Time next_slope_step_{};
  double charge_max_w_ = 0, discharge_max_w_ = 0;
  bool full_ = false, empty_ = false;
  bool stop_pressed_ = false;  ///< the emergency button, until it is pulled out again
  Time evaluation_ = power::kNever;
  double bound_w_ = 0;  ///< at the last look: another one asks for an evaluation
  power::HoldTimer idle_, reverse_;
  struct DcCounters {
    double from_car_wh = 0, to_car_wh = 0;
  };
  DcCounters counted_, saved_;                       ///< since ever
  double sequence_in_wh_ = 0, sequence_out_wh_ = 0;  ///< to and from the car, since plug-in
  double sequence_seconds_ = 0;

  core::Slot detail_, island_switch_, forming_, power_u_, power_v_, current_, current_u_, current_v_, voltage_,
      voltage_u_, voltage_v_, voltage_leg_, frequency_;
  core::Slot soc_, soh_, energy_rated_, energy_available_, storage_voltage_, storage_state_, storage_status_,
      charge_max_, discharge_max_;
  core::Slot plug_, stage_, reason_, protocol_, vehicle_soc_, capacity_, min_soc_, max_soc_, vehicle_max_v_,
      vehicle_min_v_, vehicle_target_v_, request_, vehicle_discharge_, vehicle_faults_, vehicle_status_,
      sequence_status_, retries_;
  core::Slot dc_voltage_, dc_current_, dc_power_, dc_energy_, dc_absorbed_, dc_state_, dc_alarms_;
  core::Slot sequence_in_, sequence_out_, sequence_seconds_slot_;
  core::Slot available_, throttle_, reasons_, suppression_, mode_, connection_slot_, clipped_;
};

}  // namespace v2x::ev
