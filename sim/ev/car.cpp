#include "sim/ev/car.hpp"

#include <algorithm>

namespace v2x::ev {
namespace {

constexpr double kTooEmptyForAux = 0.002;  // default: share of the charge below which the car cuts its own draw
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
}

double Car::aux_if(bool contactor_closed) const {
  return contactor_closed && battery_.soc() > kTooEmptyForAux ? preset_.aux_w : 0;
}

void Car::set_port(double port_w, bool contactor_closed) {
  port_w_ = port_w;
  aux_w_ = aux_if(contactor_closed);
  current_a_ = battery_.current_for(port_w_ + aux_w_);
}

void Car::integrate(Duration dt) {
  const double hours = std::chrono::duration<double, std::ratio<3600>>(dt).count();
  const double before_wh = battery_.stored_wh();
  battery_.integrate(current_a_, ambient_c_, dt);
  lost_wh_ += before_wh - battery_.stored_wh() - (port_w_ + aux_w_) * hours;
  aux_wh_ += aux_w_ * hours;
}

bool Car::pin(std::string_view quantity, std::optional<double> value) {
  if (quantity == "soc") {  // a state, not a lasting cause: clearing it changes nothing
    const double before_wh = battery_.stored_wh();
    if (value) battery_.set_soc(std::clamp(*value / 100, 0.0, 1.0));
    outside_wh_ += battery_.stored_wh() - before_wh;
    return true;
  }
  if (quantity != "temperature") return false;
  if (value) battery_.set_temperature(*value);
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

void Car::publish(const ChargeSequence& sequence) {
  table_.set(soc_, battery_.soc() * 100);
  table_.set(energy_, battery_.stored_wh());
  table_.set(voltage_, port_v());
  table_.set(temperature_, battery_.temperature_c());
  table_.set(plug_, !sequence.plugged() ? plug_unplugged : sequence.locked() ? plug_locked : plug_plugged);
}

}  // namespace v2x::ev
