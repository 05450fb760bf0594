#include "sim/house/house.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "common/bad_input.hpp"

namespace v2x::house {
namespace {

constexpr Duration kMinute = std::chrono::minutes(1);
constexpr Duration kHalfHour = std::chrono::minutes(30);
constexpr Duration kIslandDriftTime = std::chrono::milliseconds(100);  // default: the active method moves an island
constexpr double kIslandDriftHz = 0.3;                                 // by so much
constexpr double kLimiterLevel = 1.2;                                  // of the contract, default
constexpr Duration kLimiterTime = std::chrono::seconds(10);            // default
constexpr int kSettleRounds = 4;       // units that act on each other's voltage: trip, form, join, block
constexpr double kStartAmbientC = 20;  // default: of the car's battery where no constant is given

bool on(Time t, Duration period) {
  return t.time_since_epoch() % period == Duration::zero();
}

Time begin_of_step(Time t, Duration step) {
  return t - t.time_since_epoch() % step;
}

plant::MeterIdentity meter_identity(const HouseConfig& config) {
  for (const UnitConfig& unit : config.units)
    if (unit.kind == UnitKind::meter) return {unit.model, unit.serial, unit.unit_no, unit.unit_id};
  return {};
}

HouseConfig with_streams(HouseConfig config, std::uint64_t seed) {
  config.grid.site = config.site;
  config.grid.seed = seed;
  return config;
}

std::unique_ptr<ev::Car> make_car(const HouseConfig& config, const contracts::QuantityCatalogue& quantities) {
  if (!config.car) return nullptr;
  return std::make_unique<ev::Car>(ev::VehiclePreset::load_named(config.car->preset), config.car->soc_percent,
                                   quantities, config.ambient_c.value_or(kStartAmbientC));
}

}  // namespace

House::House(HouseConfig config, const contracts::QuantityCatalogue& quantities,
             const contracts::FaultCatalogue& faults, std::uint64_t seed, Time start)
    : config_(with_streams(std::move(config), seed)),
      faults_(&faults),
      site_table_(quantities, "site"),
      no_car_(quantities, "car"),
      now_(start),
      next_change_(start),
      car_at_(start),
      meter_at_(start),
      seed_(seed),
      surroundings_(config_, seed, start),
      household_({config_.site, config_.persons, seed, config_.all_electric}, start),
      meter_(meter_identity(config_), quantities),
      car_(make_car(config_, quantities)),
      limiter_(kLimiterTime),
      book_(start),
      invariants_(config_.site, site_table_, car_.get()),
      points_(site_table_) {
  add_units(quantities, faults);
  step_plant();
  settle();
}

void House::add_units(const contracts::QuantityCatalogue& quantities, const contracts::FaultCatalogue& faults) {
  for (const UnitConfig& unit : config_.units) {
    if (unit.kind == UnitKind::meter) meter_name_ = unit.name;
    if (unit.kind == UnitKind::pv_pcs) add_pv(unit, quantities, faults);
  }
  for (const UnitConfig& unit : config_.units)
    if (unit.kind == UnitKind::ev_pcs) add_ev(unit, quantities, faults);
}

void House::add_pv(const UnitConfig& unit, const contracts::QuantityCatalogue& quantities,
                   const contracts::FaultCatalogue& faults) {
  const pcs::PvPcsConfig config{
      {unit.model, unit.serial, unit.unit_no, unit.unit_id}, config_.grid.frequency_hz, unit.strings.size()};
  pv_.push_back(std::make_unique<pcs::PvPcs>(config, quantities, faults, now_));
  own(unit, *pv_.back());
}

void House::add_ev(const UnitConfig& unit, const contracts::QuantityCatalogue& quantities,
                   const contracts::FaultCatalogue& faults) {
  if (ev_)
    throw BadInput(fmt::format("site {}: '{}' is a second ev_pcs, expected at most one", config_.site, unit.name));
  const ev::EvPcsConfig config{{unit.model, unit.serial, unit.unit_no, unit.unit_id}, config_.grid.frequency_hz};
  const bool parks_here = config_.car && config_.car->unit == unit.name;
  ev_ = std::make_unique<ev::EvPcs>(config, parks_here ? car_.get() : nullptr, quantities, faults, now_);
  if (parks_here && config_.car->plugged) ev_->plug(now_);
  if (parks_here && config_.car->usage) driver_.emplace(*config_.car->usage, config_.site, seed_, now_);
  own(unit, *ev_);
}

void House::own(const UnitConfig& unit, power::PowerConditioner& conditioner) {
  conditioners_.push_back(&conditioner);
  by_name_.emplace_back(unit.name, &conditioner);
  conditioner.publish(now_);
  conditioner.on_written([this] { settle(); });
  invariants_.watch(unit.name, conditioner.quantities());
}

core::Device& House::unit(std::string_view name) {
  for (const auto& [unit_name, conditioner] : by_name_)
    if (unit_name == name) return *conditioner;
  if (name == meter_name_) return meter_;
  std::fputs(fmt::format("site {} has no unit '{}'\n", config_.site, name).c_str(), stderr);
  std::abort();
}

// ---- Time ----

void House::advance_to(Time t) {
  make_changes(t);
  if (now_ >= t) return;
  integrate_to(t);
  publish();
}

void House::make_changes(Time t) {
  while (next_change_ <= t) {
    integrate_to(next_change_);
    if (on(now_, kMinute)) book_.latch(now_);
    if (on(now_, kHalfHour)) meter_.latch_half_hour();
    if (on(now_, config_.plant_step))
      step_plant();
    else if (household_.next_change() <= now_)
      household_.advance_to(now_);
    settle();
    while (drive()) settle();
  }
}

/// Between two changes every power is constant, so each unit may be integrated for itself.
void House::refresh(const core::Device& unit, Time t) {
  make_changes(t);
  if (&unit == &meter_) {
    integrate_meter(t);
    return meter_.publish();
  }
  for (power::PowerConditioner* conditioner : conditioners_) {
    if (&unit != conditioner) continue;
    integrate_unit(*conditioner, t);
    if (conditioner == ev_.get()) integrate_car(t);
    conditioner->publish(t);
  }
}

void House::integrate_to(Time t) {
  const Duration dt = t - now_;
  if (dt <= Duration::zero()) return;
  invariants_.integrate(dt);
  for (power::PowerConditioner* conditioner : conditioners_) integrate_unit(*conditioner, t);
  integrate_car(t);
  integrate_meter(t);
  book_.add(power_, dt);
  now_ = t;
}

void House::integrate_unit(power::PowerConditioner& conditioner, Time t) {
  if (t > conditioner.now()) conditioner.integrate(t - conditioner.now());
}

void House::integrate_car(Time t) {
  if (!car_ || t <= car_at_) return;
  car_->integrate(t - car_at_);
  car_at_ = t;
}

void House::integrate_meter(Time t) {
  if (t <= meter_at_) return;
  meter_.integrate(t - meter_at_);
  meter_at_ = t;
}

void House::find_next_change() {
  next_change_ = std::min(begin_of_step(now_, config_.plant_step) + config_.plant_step, household_.next_change());
  for (const power::PowerConditioner* conditioner : conditioners_)
    next_change_ = std::min(next_change_, conditioner->next_change(now_));
  next_change_ = std::min(next_change_, power::if_ahead(limiter_.due(), now_));
  if (driver_) next_change_ = std::min(next_change_, driver_->next_change(now_));
  if (feeder_open()) next_change_ = std::min(next_change_, power::if_ahead(feeder_opened_at_ + kIslandDriftTime, now_));
}

// ---- One change, in the order sun, strings, PCS, load, EV, line, meter, invariants ----

void House::step_plant() {
  surroundings_.advance_to(now_);
  source_ = plant::grid_source(config_.grid, begin_of_step(now_, config_.plant_step));
  household_.advance_to(now_);
  for (size_t i = 0; i < pv_.size(); ++i) pv_[i]->see_strings(surroundings_.strings(i));
  for (power::PowerConditioner* conditioner : conditioners_) conditioner->see_ambient(surroundings_.ambient_c());
  if (car_) car_->see_ambient(surroundings_.ambient_c());
}

void House::settle() {
  watch_limiter();
  int round = 0;
  do solve_units();
  while (solve_line() && ++round < kSettleRounds);
  watch_limiter();
  publish();
  double offered_w = 0;
  for (const auto& pv : pv_) offered_w += pv->mpp_w();
  invariants_.check({surroundings_.dark(), offered_w, meter_.buy_wh(), meter_.sell_wh()}, now_);
  find_next_change();
}

double House::aux_w() const {
  double sum = 0;
  for (const power::PowerConditioner* conditioner : conditioners_) sum += conditioner->own_supply_w();
  return sum;
}

double House::ac_w() const {
  double sum = 0;
  for (const power::PowerConditioner* conditioner : conditioners_) sum += conditioner->flow().ac_w;
  return sum;
}

/// What the driver does at this instant; true when he did something.
bool House::drive() {
  if (!driver_) return false;
  switch (driver_->act({ev_->charger().plugged(), car_->away()}, now_)) {
    case plant::CarAct::none:
      return false;
    case plant::CarAct::unplug:
      ev_->unplug(false, now_);
      break;
    case plant::CarAct::depart:
      car_->depart();
      break;
    case plant::CarAct::come_back:
      car_->come_back(driver_->trip().wh);
      break;
    case plant::CarAct::plug:
      ev_->plug(now_);
      break;
  }
  return true;
}

/// At every change, before anything is solved.
void House::watch_limiter() {
  const double current_a = std::abs(line_.current_u_a) + std::abs(line_.current_v_a);
  limiter_.see(config_.limiter_a && current_a > kLimiterLevel * *config_.limiter_a, now_);
  if (limiter_.met(now_)) limiter_open_ = true;
}

/// Behind the line. An open feeder keeps its voltage as long as a unit feeds it, but its frequency gives way.
plant::GridSource House::source() const {
  plant::GridSource now = source_;
  now.u_v = pins_.source_u.value_or(now.u_v);
  now.v_v = pins_.source_v.value_or(now.v_v);
  now.frequency_hz = pins_.frequency_hz.value_or(now.frequency_hz) + pins_.frequency_shift_hz.value_or(0);
  if (limiter_open_) now.u_v = now.v_v = 0;
  if (!feeder_open()) return now;
  const bool fed = std::any_of(conditioners_.begin(), conditioners_.end(),
                               [](const power::PowerConditioner* one) { return one->flow().ac_w > 0; });
  if (!fed) now.u_v = now.v_v = 0;
  if (now_ >= feeder_opened_at_ + kIslandDriftTime) now.frequency_hz += kIslandDriftHz;
  return now;
}

power::GridView House::beyond_switch() const {
  const plant::GridSource behind = source();
  return {pins_.voltage_u.value_or(behind.u_v), pins_.voltage_v.value_or(behind.v_v), behind.frequency_hz,
          feeder_open()};
}

/// The unit that feeds the whole house behind its open grid switch; nullptr on the grid.
const power::PowerConditioner* House::backup() const {
  const auto one = std::find_if(conditioners_.begin(), conditioners_.end(),
                                [](const power::PowerConditioner* unit) { return unit->forms().has_value(); });
  return one == conditioners_.end() ? nullptr : *one;
}

void House::solve_units() {
  const power::PowerConditioner* const former = backup();
  backed_up_ = former != nullptr;
  supplied_ = !(former ? *former->forms() : beyond_switch()).dead();
  load_ = pins_.load_w ? plant::LegLoad{*pins_.load_w / 2, *pins_.load_w / 2} : household_.load();
  if (!supplied_) load_ = {};
  for (const auto& pv : pv_) {
    pv->update(now_);
    load_.u_w += pv->outlet_w();
  }
  power_.load_w = load_.total_w();
  power_.pv_w = ac_w() - (ev_ ? ev_->flow().ac_w : 0);
  if (ev_) {
    show_net();
    ev_->update(now_);
    show_net();  // its own supply may have changed
  }
  power_.ev_w = ev_ ? -ev_->flow().ac_w : 0;
  power_.aux_w = aux_w();
  power_.grid_w = power_.load_w + power_.aux_w - ac_w();
}

void House::show_net() {
  const double shared_w = (aux_w() - power_.pv_w) / 2;
  ev_->see_net(load_.u_w + shared_w, load_.v_w + shared_w, now_);
}

/// True when the voltages make a unit act at this very instant.
bool House::solve_line() {
  const double shared_w = (power_.aux_w - ac_w()) / 2;
  double absorbed_var = 0;
  for (const power::PowerConditioner* conditioner : conditioners_) absorbed_var -= conditioner->flow().var;
  const power::PowerConditioner* const former = backup();
  power::GridView inside;
  if (former) {
    inside = *former->forms();
    line_ = {inside.voltage_u, inside.voltage_v};
  } else {
    line_ = plant::solve_line(config_.grid, source(), {load_.u_w + shared_w, absorbed_var / 2},
                              {load_.v_w + shared_w, absorbed_var / 2});
    line_.u_v = pins_.voltage_u.value_or(line_.u_v);
    line_.v_v = pins_.voltage_v.value_or(line_.v_v);
    inside = {line_.u_v, line_.v_v, source().frequency_hz, feeder_open()};
  }
  frequency_hz_ = inside.frequency_hz;
  bool again = (former != nullptr) != backed_up_ || (former && inside.dead() == supplied_);
  for (power::PowerConditioner* conditioner : conditioners_)
    again = conditioner->see_grid(conditioner == former ? beyond_switch() : inside, now_) || again;
  read_meter(absorbed_var);
  return again;
}

void House::read_meter(double reactive_var) {
  // Without the grid an outlet or the whole house may be fed, but nothing flows here.
  const bool cut = backed_up_ || power::GridView{line_.u_v, line_.v_v}.dead();
  const double shared_w = (power_.aux_w - ac_w()) / 2;
  meter_.see({power_.grid_w, cut ? 0 : load_.u_w + shared_w, cut ? 0 : load_.v_w + shared_w, cut ? 0 : reactive_var,
              line_.u_v, line_.v_v, line_.current_u_a, line_.current_v_a, frequency_hz_});
}

void House::publish() {
  for (power::PowerConditioner* conditioner : conditioners_) conditioner->publish(now_);
  if (car_) car_->publish();
  meter_.publish();
  points_.publish(site_table_, {surroundings_, power_, load_, source(), line_, meter_, ac_w(), frequency_hz_,
                                backed_up_, limiter_open_});
}

}  // namespace v2x::house
