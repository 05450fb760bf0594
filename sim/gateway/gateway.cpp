#include "sim/gateway/gateway.hpp"

#include <utility>

namespace v2x::gateway {

using core::QuantityTable;
using core::Slot;

struct Gateway::Slots {
  explicit Slots(const QuantityTable& table)
      : powered(table.slot("powered")),
        wan(table.slot("wan")),
        connected(table.slot("connected")),
        mode(table.slot("mode")),
        reason(table.slot("reason")),
        queued(table.slot("queued")),
        acknowledged(table.slot("acknowledged")),
        dropped(table.slot("dropped")),
        boots(table.slot("boots")),
        contact_input(table.slot("contact_input")),
        charge_method(table.slot("charge_method")),
        discharge_method(table.slot("discharge_method")),
        charge_limit(table.slot("charge_limit")),
        discharge_limit(table.slot("discharge_limit")),
        soc_floor(table.slot("soc_floor")),
        soc_ceiling(table.slot("soc_ceiling")),
        fault(table.slot("fault")),
        units_answering(table.slot("units_answering")) {}
  Slot powered, wan, connected, mode, reason, queued, acknowledged, dropped, boots, contact_input;
  Slot charge_method, discharge_method, charge_limit, discharge_limit, soc_floor, soc_ceiling;
  Slot fault, units_answering;
};

namespace {

void publish_identity(const GatewayConfig& config, QuantityTable& table) {
  table.set_text(table.slot("id.model"), config.model);
  table.set_text(table.slot("id.serial"), config.serial);
  table.set_text(table.slot("id.version"), config.firmware);
}

}  // namespace

Gateway::Gateway(GatewayConfig config, GatewayPorts ports, const contracts::QuantityCatalogue& quantities,
                 const contracts::FaultCatalogue& faults, std::uint64_t seed)
    : config_(std::move(config)),
      ports_(std::move(ports)),
      faults_(faults),
      seed_(seed),
      table_(quantities, "gateway"),
      slots_(std::make_unique<const Slots>(table_)) {
  publish_identity(config_, table_);
  publish();
}

Gateway::~Gateway() = default;

void Gateway::boot(Time now, telemetry::BootReason reason) {
  running_.reset();
  running_ = std::make_unique<RunningGateway>(config_, ports_, faults_, seed_, clock_ahead_);
  ++boots_;
  running_->boot(now, reason);
  running_->set_contact_input(now, contact_closed_);
  publish();
}

void Gateway::power_off(Time) {
  running_.reset();
  publish();
}

void Gateway::set_clock(Time now, Duration ahead) {
  clock_ahead_ = ahead;
  if (!running_) return;
  running_->set_clock(now, ahead);
  publish();
}

void Gateway::confirm_units(Time now) {
  if (!running_) return;
  running_->confirm_units(now);
  publish();
}

void Gateway::set_contact_input(Time now, bool closed) {
  contact_closed_ = closed;
  if (running_) running_->set_contact_input(now, closed);
  publish();
}

std::optional<Time> Gateway::next_wake() const {
  if (!running_) return std::nullopt;
  return running_->next_wake();
}

void Gateway::wake(Time now) {
  if (!running_) return;
  running_->wake(now);
  publish();
}

void Gateway::on_reply(size_t unit, Time now) {
  if (!running_) return;
  running_->on_reply(unit, now);
  publish();
}

void Gateway::on_downlink(Time now, std::string_view frame) {
  if (!running_) return;
  running_->on_downlink(now, frame);
  publish();
}

void Gateway::on_connected(Time now) {
  line_up_ = true;
  if (!running_) return;
  running_->on_connected(now);
  publish();
}

void Gateway::on_disconnected(Time) {
  line_up_ = false;
  if (!running_) return;
  running_->on_disconnected();
  publish();
}

void Gateway::publish() {
  const Slots& s = *slots_;
  table_.set(s.powered, powered() ? 1 : 0);
  table_.set(s.wan, line_up_ ? 1 : 0);
  table_.set(s.connected, welcomed() ? 1 : 0);
  table_.set(s.queued, static_cast<double>(ports_.spool.size()));
  table_.set(s.acknowledged, static_cast<double>(ports_.spool.acknowledged_seq()));
  table_.set(s.dropped, static_cast<double>(ports_.spool.dropped()));
  table_.set(s.boots, static_cast<double>(boots_));
  table_.set(s.contact_input, contact_closed_ ? 1 : 0);
  table_.set(s.units_answering, running_ ? running_->units_answering() : 0);
  table_.set(s.mode, static_cast<double>((running_ ? running_->settings() : config_.energy).mode));
  if (!running_) return;
  table_.set_text(s.reason, running_->energy_reason());
  table_.set_text(s.fault, running_->faults().gravest());
  const auto& command = running_->command();
  if (!command) return;
  table_.set(s.charge_method, static_cast<double>(command->charge));
  table_.set(s.discharge_method, static_cast<double>(command->discharge));
  table_.set(s.charge_limit, command->charge_limit_w);
  table_.set(s.discharge_limit, command->discharge_limit_w);
  table_.set(s.soc_floor, command->soc_floor_pct);
  table_.set(s.soc_ceiling, command->soc_ceiling_pct);
}

}  // namespace v2x::gateway
