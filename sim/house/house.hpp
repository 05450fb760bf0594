// A house as physics: sun, household, grid and meter around its power conditioners and its car, in continuous balance.
#pragma once

#include <memory>
#include <variant>

#include "common/result.hpp"
#include "contracts/fault_catalogue.hpp"
#include "sim/ev/ev_pcs.hpp"
#include "sim/house/energy_book.hpp"
#include "sim/house/house_config.hpp"
#include "sim/house/invariants.hpp"
#include "sim/house/site_points.hpp"
#include "sim/house/surroundings.hpp"
#include "sim/pcs/pv_pcs.hpp"
#include "sim/plant/household.hpp"
#include "sim/plant/panel_meter.hpp"

namespace v2x::house {

/// A number in the base unit, or a word.
using PinValue = std::variant<double, std::string>;

/// A plain model: no clock, no thread, no kernel. Between two changes every power is constant, so energies are exact
/// sums. Who drives it calls advance_to() at every next_change(), and with the present instant before it reads counters
/// or writes to a device; after a write or set() next_change() may be earlier. Not copyable: devices refer to it.
class House {
 public:
  /// `quantities` and `faults` outlive the house. Throws BadInput for an unknown vehicle preset.
  House(HouseConfig config, const contracts::QuantityCatalogue& quantities, const contracts::FaultCatalogue& faults,
        std::uint64_t seed, Time start);
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  Time now() const { return now_; }
  /// The earliest instant at which something changes by itself; always after now().
  Time next_change() const { return next_change_; }
  /// Integrates up to `t`, and does what falls due on the way and at `t`.
  void advance_to(Time t);
  /// Does what falls due up to `t`, and no more: states are right then, what grows may lag.
  void make_changes(Time t);
  /// The same, and brings one of unit()'s devices alone up to `t` for who reads it.
  void refresh(const core::Device& unit, Time t);

  /// Pins a physical cause below the site ("grid.voltage_u", "pcs1.op.run_switch", "ev.soc") from now on.
  Status set(std::string_view path, const PinValue& value);
  Status clear(std::string_view path);
  Status plug();
  /// A locked plug is pulled some seconds later, when the unit has stopped and let it go; by force at once.
  Status unplug(bool forced = false);
  /// Driving off needs the plug out; a car that is away can't be plugged in.
  Status depart();
  Status come_back(double trip_wh);

  /// The CAN bus of the EV unit, for nodes beside stand and car; nothing happens where there is no EV unit.
  void listen_can(ev::CanBus::Listener listener);
  void send_can(const ev::CanFrame& frame);
  /// Sets or clears the physical cause of a fault code; "not_modelled" when there is no model behind it.
  Status inject(std::string_view unit, const std::string& code);
  Status repair(std::string_view unit, const std::string& code);

  const std::vector<UnitConfig>& units() const { return config_.units; }
  /// Aborts for a name that units() doesn't have.
  core::Device& unit(std::string_view name);
  const core::QuantityTable& site_table() const { return site_table_; }
  /// Everything is absent where there is no car.
  const core::QuantityTable& car_table() const { return car_ ? car_->quantities() : no_car_; }

  Energy energy_between(Time from, Time to) const { return book_.between(from, to); }
  /// The first violation of N1–N9.
  std::optional<std::string> breach() const { return invariants_.breach(); }

 private:
  struct Pins {
    std::optional<double> voltage_u, voltage_v, source_u, source_v, frequency_hz, frequency_shift_hz, phase_jump_deg,
        feeder_open, load_w;
  };
  /// What a path below the site names.
  struct Target {
    const core::QuantityTable* table;
    core::Slot slot;
    power::PowerConditioner* conditioner;  ///< nullptr for site, car and meter
  };

  void add_units(const contracts::QuantityCatalogue& quantities, const contracts::FaultCatalogue& faults);
  void add_pv(const UnitConfig& unit, const contracts::QuantityCatalogue& quantities,
              const contracts::FaultCatalogue& faults);
  void add_ev(const UnitConfig& unit, const contracts::QuantityCatalogue& quantities,
              const contracts::FaultCatalogue& faults);
  void own(const UnitConfig& unit, power::PowerConditioner& conditioner);

  void integrate_to(Time t);
  void integrate_unit(power::PowerConditioner& conditioner, Time t);
  void integrate_car(Time t);
  void integrate_meter(Time t);
  void step_plant();
  void settle();
  plant::GridSource source() const;
  bool feeder_open() const { return pins_.feeder_open.value_or(0) != 0; }
  power::GridView beyond_switch() const;
  const power::PowerConditioner* backup() const;
  void show_net();
  void solve_units();
  bool solve_line();
  void watch_limiter();
  bool drive();
  void read_meter(double reactive_var);
  void find_next_change();
  void publish();
  double aux_w() const;
  double ac_w() const;

  Result<Target> find(std::string_view path) const;
  Result<Target> find_pin(std::string_view path) const;
  std::vector<std::string> pin_paths() const;
  Status apply(std::string_view path, std::optional<double> value);
  Status apply_text(const Target& target, std::optional<std::string> text);
  bool pin_site(std::string_view name, std::optional<double> value);
  Result<std::vector<std::pair<std::string, PinValue>>> causes(std::string_view unit, const std::string& code) const;

  HouseConfig config_;
  const contracts::FaultCatalogue* faults_;
  core::QuantityTable site_table_;
  core::QuantityTable no_car_;
  Time now_;
  Time next_change_;
  Time car_at_, meter_at_;  ///< integrated up to here; after now_ when they were read since

  std::uint64_t seed_;
  Surroundings surroundings_;
  plant::Household household_;
  plant::GridSource source_;  ///< of the plant step, without what a scenario does to it
  plant::LineState line_;
  double frequency_hz_ = 0;  ///< in the house
  plant::LegLoad load_;
  HousePower power_;
  plant::PanelMeter meter_;

  std::vector<std::unique_ptr<pcs::PvPcs>> pv_;
  std::unique_ptr<ev::Car> car_;
  std::unique_ptr<ev::EvPcs> ev_;
  std::optional<plant::Driver> driver_;                 ///< of car_, which parks at ev_
  std::vector<power::PowerConditioner*> conditioners_;  ///< PV first: the EV unit follows what they do
  std::vector<std::pair<std::string, power::PowerConditioner*>> by_name_;
  std::string meter_name_;

  Pins pins_;
  power::HoldTimer limiter_;
  bool limiter_open_ = false;  ///< until a hand resets it
  bool backed_up_ = false;     ///< at the last solve_units()
  bool supplied_ = true;       ///< the same
  Time feeder_opened_at_{};
  EnergyBook book_;
  Invariants invariants_;
  SitePoints points_;
};

}  // namespace v2x::house
