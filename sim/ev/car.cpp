#include "sim/ev/car.hpp"

#include <algorithm>
#include <array>

namespace v2x::ev {
namespace {

constexpr double kTooEmptyForAux = 0.002;  // default: share of the charge below which the car cuts its own draw
constexpr double kTooEmptyToArrive = 0.05, kChargedElsewhere = 0.5;  // default
enum Plug { plug_unplugged, plug_plugged, plug_locked };

}  // namespace

Car::Car(VehiclePreset preset, double soc_percent, const contracts::QuantityCatalogue& quantities, double ambient_c)
    : preset_(std::move(preset)),
      battery_(preset_.battery, soc_percent / 100, ambient_c),
      table_(quantities, "car"),
      ambient_c_(ambient_c),
      soc_(table_.slot("soc")),
      energy_(table_.slot("energy")),
      voltage_(table_.slot("voltage")),
      temperature_(table_.slot("temperature")),
      location_(table_.slot("location")),
      plug_(table_.slot("plug")) {
  table_.set_word(location_, "home");
  for (const char* knob : {"can_silent", "contactor_welded", "not_in_park", "wrong_protocol", "no_208_reaction",
                           "ignition", "lock_stuck", "cable_12v", "error_bits", "current_deviation"})
    table_.set(table_.slot(knob), 0);
  table_.set(table_.slot("insulation_ohm"), Connector{}.insulation_ohm);
}

double Car::aux_if(bool contactor_closed) const {
  return contactor_closed && battery_.soc() > kTooEmptyForAux ? preset_.aux_w : 0;
}

void Car::meet(Connector& connector, CanBus& bus) {
  connector_ = &connector;
  bus_ = &bus;
  control_ = std::make_unique<ChademoVehicle>(preset_, battery_, knobs_, connector, bus);
  show_at_connector();
}

void Car::update(Time now) {
  if (!control_) return;
  control_->update(now);
  set_port(port_w_);  // the contactor may have moved
}

Time Car::next_change(Time now) const {
  return control_ ? control_->next_change(now) : power::kNever;
}

void Car::set_port(double port_w) {
  port_w_ = port_w;
  aux_w_ = aux_if(connector_ && connector_->contactor_closed);
  current_a_ = battery_.current_for(port_w_ + aux_w_);
  show_at_connector();
}

void Car::show_at_connector() {
  if (!connector_) return;
  connector_->battery_v = port_v();
  connector_->current_a = port_w_ / port_v();
}

void Car::integrate(Duration dt) {
  const double hours = std::chrono::duration<double, std::ratio<3600>>(dt).count();
  const double before_wh = battery_.stored_wh();
  battery_.integrate(current_a_, ambient_c_, dt);
  lost_wh_ += before_wh - battery_.stored_wh() - (port_w_ + aux_w_) * hours;
  aux_wh_ += aux_w_ * hours;
}

void Car::come_back(double trip_wh) {
  away_ = false;
  const double before_wh = battery_.stored_wh();
  const double left = battery_.soc() - trip_wh / preset_.battery.usable_wh;
  battery_.set_soc(left < kTooEmptyToArrive ? kChargedElsewhere : left);
  outside_wh_ += battery_.stored_wh() - before_wh;
}

bool Car::pin(std::string_view quantity, std::optional<double> value) {
  if (quantity == "soc") {  // a state, not a lasting cause: clearing it changes nothing
    const double before_wh = battery_.stored_wh();
    if (value) battery_.set_soc(std::clamp(*value / 100, 0.0, 1.0));
    outside_wh_ += battery_.stored_wh() - before_wh;
    return true;
  }
  if (quantity == "temperature") {
    if (value) battery_.set_temperature(*value);
    return true;
  }
  return pin_knob(quantity, value);
}

/// Defects stay until they are cleared; with one of them the bus runs at its full cadence.
bool Car::pin_knob(std::string_view quantity, std::optional<double> value) {
  if (!connector_) return false;
  const double number = value.value_or(0);
  const std::array<std::pair<std::string_view, bool*>, 8> flags{{{"cable_12v", &cable_12v_},
                                                                 {"can_silent", &knobs_.can_silent},
                                                                 {"contactor_welded", &knobs_.contactor_welded},
                                                                 {"not_in_park", &knobs_.not_in_park},
                                                                 {"wrong_protocol", &knobs_.wrong_protocol},
                                                                 {"no_208_reaction", &knobs_.no_208_reaction},
                                                                 {"ignition", &knobs_.ignition},
                                                                 {"lock_stuck", &connector_->lock_stuck}}};
  const auto flag = std::find_if(flags.begin(), flags.end(), [&](const auto& one) { return one.first == quantity; });
  if (flag != flags.end())
    *flag->second = number != 0;
  else if (quantity == "error_bits")
    knobs_.error_bits = static_cast<int>(number);
  else if (quantity == "current_deviation")
    knobs_.current_deviation_a = number;
  else if (quantity == "insulation_ohm")
    connector_->insulation_ohm = value.value_or(Connector{}.insulation_ohm);
  else
    return false;
  table_.set(table_.slot(quantity), quantity == "insulation_ohm" ? connector_->insulation_ohm : number);
  bus_->disturb(knobs_.any());
  return true;
}

double Car::port_charge_limit_w(double largest_a) const {
  const double current = -battery_.charge_limit_a(std::min(largest_a, preset_.max_a));
  if (current == 0) return 0;
  return std::max(0.0, -current * battery_.voltage(current) + aux_if(true));
}

double Car::port_discharge_limit_w(double largest_a) const {
  const double current = battery_.discharge_limit_a(std::min(largest_a, preset_.max_a));
  return std::max(0.0, current * battery_.voltage(current) - aux_if(true));
}

double Car::balance_error_w() const {
  return battery_.chemical_w(current_a_) - port_w_ - aux_w_ - battery_.ohmic_w(current_a_) -
         battery_.inefficiency_w(current_a_);
}

void Car::publish() {
  table_.set(soc_, battery_.soc() * 100);
  table_.set(energy_, battery_.stored_wh());
  table_.set(voltage_, port_v());
  table_.set(temperature_, battery_.temperature_c());
  table_.set_word(location_, away_ ? "away" : "home");
  const bool plugged = connector_ && connector_->plugged;
  table_.set(plug_, !plugged ? plug_unplugged : connector_->locked ? plug_locked : plug_plugged);
}

}  // namespace v2x::ev
