// What a scenario does to a house: pins, the plug, and physical causes of faults.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/nearest.hpp"
#include "common/units.hpp"
#include "sim/house/house.hpp"

namespace v2x::house {
namespace {

using contracts::Quantity;
using contracts::QuantityAccess;

Result<double> number_for(const Quantity& quantity, const PinValue& value) {
  if (const double* number = std::get_if<double>(&value)) {
    if (quantity.words.empty() || (*number >= 0 && *number < static_cast<double>(quantity.words.size())))
      return *number;
    return fail("bad_argument", fmt::format("{} is no word of {}", *number, quantity.name));
  }
  const std::string& word = std::get<std::string>(value);
  for (size_t i = 0; i < quantity.words.size(); ++i)
    if (quantity.words[i] == word) return static_cast<double>(i);
  if (quantity.words.empty())
    return fail("bad_argument", fmt::format("{} takes a number, found '{}'", quantity.name, word));
  return fail("bad_argument", unknown_word(word, "word of " + quantity.name, quantity.words));
}

std::string kind_word(UnitKind kind) {
  return kind == UnitKind::pv_pcs ? "pv" : kind == UnitKind::ev_pcs ? "ev" : "meter";
}

}  // namespace

Result<House::Target> House::find(std::string_view path) const {
  const size_t dot = path.find('.');
  if (dot != std::string_view::npos) {
    const std::string_view owner = path.substr(0, dot), name = path.substr(dot + 1);
    for (const auto& [unit_name, conditioner] : by_name_)
      if (unit_name == owner)
        if (const auto slot = conditioner->quantities().find(name))
          return Target{&conditioner->quantities(), *slot, conditioner};
    if (owner == meter_name_)
      if (const auto slot = meter_.quantities().find(name)) return Target{&meter_.quantities(), *slot, nullptr};
    if (owner == "ev")
      if (const auto slot = car_table().find(name)) return Target{&car_table(), *slot, nullptr};
  }
  if (const auto slot = site_table_.find(path)) return Target{&site_table_, *slot, nullptr};
  return fail("unknown_path", unknown_word(path, "path of site " + config_.site, pin_paths()));
}

std::vector<std::string> House::pin_paths() const {
  std::vector<std::string> paths;
  const auto add = [&paths](const std::string& prefix, const core::QuantityTable& table) {
    for (core::Slot slot = 0; slot < table.size(); ++slot)
      if (table.quantity(slot).access == QuantityAccess::pin) paths.push_back(prefix + table.quantity(slot).name);
  };
  add("", site_table_);
  for (const auto& [name, conditioner] : by_name_) add(name + ".", conditioner->quantities());
  if (!meter_name_.empty()) add(meter_name_ + ".", meter_.quantities());
  if (car_) add("ev.", car_table());
  return paths;
}

Result<House::Target> House::find_pin(std::string_view path) const {
  const auto target = find(path);
  if (!target) return target;
  if (target->table->quantity(target->slot).access != QuantityAccess::pin)
    return fail("not_settable", fmt::format("'{}' is a result, not a cause; a cause near to it: '{}'", path,
                                            nearest(path, pin_paths())));
  return target;
}

Status House::set(std::string_view path, const PinValue& value) {
  const auto target = find_pin(path);
  if (!target) return fail(target.error());
  const Quantity& quantity = target->table->quantity(target->slot);
  if (quantity.text) {
    if (const std::string* text = std::get_if<std::string>(&value)) return apply_text(*target, *text);
    return fail("bad_argument", fmt::format("{} takes a text", path));
  }
  const auto number = number_for(quantity, value);
  if (!number) return fail(number.error());
  return apply(path, *number);
}

Status House::clear(std::string_view path) {
  const auto target = find_pin(path);
  if (!target) return fail(target.error());
  if (target->table->quantity(target->slot).text) return apply_text(*target, std::nullopt);
  return apply(path, std::nullopt);
}

Status House::apply_text(const Target& target, std::optional<std::string> text) {
  const std::string& name = target.table->quantity(target.slot).name;
  const bool modelled = target.conditioner                     ? target.conditioner->pin_text(name, text)
                        : target.table == &meter_.quantities() ? meter_.pin_text(name, text)
                                                               : false;
  if (!modelled) return fail("not_modelled", fmt::format("nothing in the simulation reacts to '{}' yet", name));
  return done();
}

Status House::apply(std::string_view path, std::optional<double> value) {
  const auto target = find_pin(path);
  if (!target) return fail(target.error());
  const std::string& name = target->table->quantity(target->slot).name;
  bool modelled = false;
  if (target->conditioner) {
    modelled = target->conditioner->pin(name, value, now_);
    invariants_.allow_fall(target->table);  // a hand at the counters, or unsaved ones lost
  } else if (target->table == &site_table_) {
    modelled = pin_site(name, value);
  } else if (target->table == &meter_.quantities()) {
    modelled = meter_.pin(name, value);
  } else if (car_ && target->table == &car_->quantities()) {
    modelled = car_->pin(name, value);
  }
  if (!modelled) return fail("not_modelled", fmt::format("nothing in the simulation reacts to '{}' yet", path));
  step_plant();
  settle();
  return done();
}

bool House::pin_site(std::string_view name, std::optional<double> value) {
  if (name == "grid.limiter_open") {
    limiter_open_ = value.value_or(0) != 0;
    return true;
  }
  const std::array<std::pair<std::string_view, std::optional<double>*>, 11> pins{{
      {"grid.voltage_u", &pins_.voltage_u},
      {"grid.voltage_v", &pins_.voltage_v},
      {"grid.source_u", &pins_.source_u},
      {"grid.source_v", &pins_.source_v},
      {"grid.frequency", &pins_.frequency_hz},
      {"grid.frequency_shift", &pins_.frequency_shift_hz},
      {"grid.phase_jump", &pins_.phase_jump_deg},
      {"grid.feeder_open", &pins_.feeder_open},
      {"load_w", &pins_.load_w},
      {"plant.irradiance", &surroundings_.pinned_irradiance},
      {"plant.ambient", &surroundings_.pinned_ambient_c},
  }};
  for (const auto& [pin, place] : pins)
    if (pin == name) {
      const bool was_open = feeder_open();
      *place = value;
      if (!was_open && feeder_open()) feeder_opened_at_ = now_;
      if (value && place == &pins_.phase_jump_deg)  // an event: taking it back is none
        for (power::PowerConditioner* conditioner : conditioners_) conditioner->see_phase_jump(*value, now_);
      return true;
    }
  return false;
}

Status House::plug() {
  if (!car_ || !ev_) return fail("no_vehicle", fmt::format("site {} has no car", config_.site));
  if (car_->away()) return fail("away", fmt::format("the car of {} is away", config_.site));
  ev_->plug(now_);
  settle();
  return done();
}

Status House::unplug(bool forced) {
  if (!car_ || !ev_) return fail("no_vehicle", fmt::format("site {} has no car", config_.site));
  ev_->unplug(forced, now_);
  settle();
  return done();
}

Status House::depart() {
  if (!car_ || !ev_) return fail("no_vehicle", fmt::format("site {} has no car", config_.site));
  if (ev_->charger().plugged()) return fail("plugged", fmt::format("the car of {} is plugged in", config_.site));
  car_->depart();
  settle();
  return done();
}

Status House::come_back(double trip_wh) {
  if (!car_ || !ev_) return fail("no_vehicle", fmt::format("site {} has no car", config_.site));
  if (!car_->away()) return fail("at_home", fmt::format("the car of {} is at home", config_.site));
  car_->come_back(trip_wh);
  settle();
  return done();
}

void House::listen_can(ev::CanBus::Listener listener) {
  if (!ev_) return;
  ev_->can_bus().listen(std::move(listener));
  settle();
}

void House::send_can(const ev::CanFrame& frame) {
  if (!ev_) return;
  ev_->can_bus().send(nullptr, frame, now_);
  settle();
}

Result<std::vector<std::pair<std::string, PinValue>>> House::causes(std::string_view unit,
                                                                    const std::string& code) const {
  const auto at =
      std::find_if(config_.units.begin(), config_.units.end(), [&](const UnitConfig& u) { return u.name == unit; });
  if (at == config_.units.end())
    return fail("unknown_unit", fmt::format("site {} has no unit '{}'", config_.site, unit));
  const contracts::Fault* fault = faults_->find(code);
  if (!fault) {
    std::vector<std::string> codes;
    for (const contracts::Fault& one : faults_->all()) codes.push_back(one.code);
    return fail("unknown_code", unknown_word(code, "fault code", codes));
  }
  if (std::find(fault->applies.begin(), fault->applies.end(), kind_word(at->kind)) == fault->applies.end())
    return fail("not_applicable", fmt::format("{} doesn't occur in a {}", code, to_string(at->kind)));
  std::vector<std::pair<std::string, PinValue>> out;
  for (const auto& [quantity, text] : fault->inject) {
    const std::string below_unit = fmt::format("{}.{}", unit, quantity);
    const bool has_it = find(below_unit).has_value();
    if (!has_it && !find(quantity)) continue;  // another kind of unit has it
    const auto measure = parse_measure(text);
    const auto target = find(has_it ? below_unit : quantity);
    const bool is_text = target->table->quantity(target->slot).text;
    out.emplace_back(has_it ? below_unit : quantity, measure && !is_text ? PinValue(measure->value) : PinValue(text));
  }
  return out;
}

Status House::inject(std::string_view unit, const std::string& code) {
  const auto list = causes(unit, code);
  if (!list) return fail(list.error());
  for (const auto& [path, value] : *list)
    if (const Status status = set(path, value); !status) {
      (void)repair(unit, code);  // all of its causes, or none
      return status;
    }
  return done();
}

Status House::repair(std::string_view unit, const std::string& code) {
  const auto list = causes(unit, code);
  if (!list) return fail(list.error());
  Status last = done();
  for (const auto& [path, value] : *list)
    if (Status status = clear(path); !status) last = std::move(status);
  return last;
}

}  // namespace v2x::house
