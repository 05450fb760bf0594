#include "sim/plant/panel_meter.hpp"

#include <algorithm>
#include <cmath>

namespace v2x::plant {
namespace {

// Of `events`: bits of the meter models M_EVENT.
enum EventBit { power_failure = 2, under_voltage = 3, over_voltage = 6 };
constexpr double kDeadV = 20;               // default
constexpr double kLowV = 95, kHighV = 107;  // 101 ± 6 V: Electricity Business Act, Ordinance, Art. 38

}  // namespace

PanelMeter::PanelMeter(const MeterIdentity& identity, const contracts::QuantityCatalogue& quantities)
    : table_(quantities, "meter"), serial_(identity.serial) {
  const auto at = [this](std::string_view name) { return table_.slot(name); };
  current_ = at("ac.current"), current_u_ = at("ac.current_u"), current_v_ = at("ac.current_v");
  voltage_ = at("ac.voltage"), voltage_u_ = at("ac.voltage_u"), voltage_v_ = at("ac.voltage_v");
  voltage_leg_ = at("ac.voltage_leg"), frequency_ = at("ac.frequency");
  power_ = at("ac.power"), power_u_ = at("ac.power_u"), power_v_ = at("ac.power_v");
  apparent_ = at("ac.apparent"), reactive_ = at("ac.reactive"), factor_ = at("ac.power_factor");
  energy_buy_ = at("energy_buy"), energy_sell_ = at("energy_sell"), silent_ = at("bus.silent");
  events_ = at("events");
  table_.set(silent_, 0);
  table_.set_text(at("id.manufacturer"), "OMRON-SIM");
  table_.set_text(at("id.model"), identity.model);
  table_.set_text(at("id.serial"), identity.serial);
  table_.set_text(at("id.version"), "1.00");
  table_.set_text(at("id.options"), "CT");
  table_.set(at("id.unit_no"), identity.unit_no);
  table_.set(at("id.unit_id"), identity.unit_id);
}

bool PanelMeter::pin(std::string_view quantity, std::optional<double> value) {
  if (quantity != "bus.silent") return false;
  table_.set(silent_, value.value_or(0));
  return true;
}

bool PanelMeter::pin_text(std::string_view quantity, const std::optional<std::string>& text) {
  if (quantity != "id.serial") return false;
  table_.set_text(table_.slot(quantity), text.value_or(serial_));
  return true;
}

void PanelMeter::integrate(Duration dt) {
  const double hours = std::chrono::duration<double, std::ratio<3600>>(dt).count();
  buy_wh_ += std::max(0.0, reading_.power_w) * hours;
  sell_wh_ += std::max(0.0, -reading_.power_w) * hours;
}

void PanelMeter::latch_half_hour() {
  half_hour_buy_wh_ = buy_wh_ - latched_buy_wh_;
  half_hour_sell_wh_ = sell_wh_ - latched_sell_wh_;
  latched_buy_wh_ = buy_wh_;
  latched_sell_wh_ = sell_wh_;
}

void PanelMeter::publish() {
  const double apparent = std::hypot(reading_.power_w, reading_.reactive_var);
  table_.set(power_, reading_.power_w);
  table_.set(power_u_, reading_.power_u_w);
  table_.set(power_v_, reading_.power_v_w);
  table_.set(reactive_, reading_.reactive_var);
  table_.set(apparent_, apparent);
  table_.set(factor_, apparent > 0 ? reading_.power_w / apparent : 0);
  table_.set(current_, reading_.current_u_a + reading_.current_v_a);
  table_.set(current_u_, reading_.current_u_a);
  table_.set(current_v_, reading_.current_v_a);
  table_.set(voltage_u_, reading_.voltage_u);
  table_.set(voltage_v_, reading_.voltage_v);
  table_.set(voltage_, reading_.voltage_u + reading_.voltage_v);
  table_.set(voltage_leg_, (reading_.voltage_u + reading_.voltage_v) / 2);
  table_.set(frequency_, reading_.frequency_hz);
  table_.set(energy_buy_, buy_wh_);
  table_.set(energy_sell_, sell_wh_);
  table_.set(events_, static_cast<double>(events()));
}

unsigned PanelMeter::events() const {
  const auto [low, high] = std::minmax(reading_.voltage_u, reading_.voltage_v);
  if (high < kDeadV) return 1U << power_failure;
  return (low < kLowV ? 1U << under_voltage : 0U) | (high > kHighV ? 1U << over_voltage : 0U);
}

}  // namespace v2x::plant
