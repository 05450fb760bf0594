#include "sim/gateway/inventory.hpp"

#include <algorithm>

namespace v2x::gateway {
namespace {

constexpr size_t kNameBytes = 32;      // telemetry.proto, Unit.model and Unit.serial
constexpr size_t kFirmwareBytes = 16;  // telemetry.proto, Unit.firmware
constexpr char kSeparator = '\t';

/// What a unit says goes into messages and into our own table: printable ASCII, no longer than the contract allows.
std::string bounded(const std::string& text, size_t bytes) {
  std::string clean;
  for (const char c : text)
    if (c >= ' ' && c <= '~' && clean.size() < bytes) clean += c;
  return clean;
}

UnitIdentity bounded(const UnitIdentity& identity) {
  return {bounded(identity.manufacturer, kNameBytes), bounded(identity.model, kNameBytes),
          bounded(identity.serial, kNameBytes), bounded(identity.version, kFirmwareBytes)};
}

std::string_view take_field(std::string_view& line, char end) {
  const size_t at = line.find(end);
  const std::string_view field = line.substr(0, at);
  line.remove_prefix(at == std::string_view::npos ? line.size() : at + 1);
  return field;
}

}  // namespace

Inventory::Inventory(const std::vector<GatewayUnit>& units) {
  for (const GatewayUnit& unit : units) entries_.push_back({unit, {}, false});
}

bool Inventory::identified(size_t unit, const std::optional<UnitIdentity>& identity) {
  Entry& entry = entries_[unit];
  entry.asked = true;
  if (!identity) return false;
  const UnitIdentity found = bounded(*identity);
  if (found == entry.identity) return false;
  const bool known = !entry.identity.serial.empty();
  const bool replaced = known && (found.serial != entry.identity.serial || found.model != entry.identity.model);
  entry.identity = found;
  changed_ = true;
  return replaced;
}

bool Inventory::take_change() {
  const bool complete = std::all_of(entries_.begin(), entries_.end(), [](const Entry& e) { return e.asked; });
  if (!complete || !changed_) return false;
  changed_ = false;
  return true;
}

void Inventory::fill(google::protobuf::RepeatedPtrField<telemetry::Unit>& units) const {
  units.Clear();
  for (const Entry& entry : entries_) {
    telemetry::Unit& unit = *units.Add();
    unit.set_unit_no(entry.unit.unit_no);
    unit.set_kind(to_telemetry(entry.unit.kind));
    unit.set_model(entry.identity.model);
    unit.set_serial(entry.identity.serial);
    unit.set_firmware(entry.identity.version);
  }
}

std::string Inventory::text() const {
  std::string text;
  for (const Entry& entry : entries_) {
    const UnitIdentity& identity = entry.identity;
    text += std::to_string(entry.unit.unit_no) + kSeparator + identity.manufacturer + kSeparator + identity.model +
            kSeparator + identity.serial + kSeparator + identity.version + '\n';
  }
  return text;
}

void Inventory::restore(std::string_view text) {
  while (!text.empty()) {
    std::string_view line = take_field(text, '\n');
    const std::string unit_no(take_field(line, kSeparator));
    UnitIdentity identity;
    for (std::string* field : {&identity.manufacturer, &identity.model, &identity.serial, &identity.version})
      *field = take_field(line, kSeparator);
    for (Entry& entry : entries_)
      if (std::to_string(entry.unit.unit_no) == unit_no) entry.identity = identity;
  }
}

}  // namespace v2x::gateway
