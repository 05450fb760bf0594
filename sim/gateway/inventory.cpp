#include "sim/gateway/inventory.hpp"

#include <algorithm>

namespace v2x::gateway {
namespace {

constexpr size_t kNameBytes = 32;      // telemetry.proto, Unit.model and Unit.serial
constexpr size_t kFirmwareBytes = 16;  // telemetry.proto, Unit.firmware
constexpr char kSeparator = '\t';
constexpr std::string_view kStrangerMark = "?";

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

bool same_device(const UnitIdentity& a, const UnitIdentity& b) {
  return a.serial == b.serial && a.model == b.model;
}

std::string line_of(std::uint32_t unit_no, std::string_view mark, const UnitIdentity& identity) {
  return std::to_string(unit_no) + std::string(mark) + kSeparator + identity.manufacturer + kSeparator +
         identity.model + kSeparator + identity.serial + kSeparator + identity.version + '\n';
}

std::string_view take_field(std::string_view& line, char end) {
  const size_t at = line.find(end);
  const std::string_view field = line.substr(0, at);
  line.remove_prefix(at == std::string_view::npos ? line.size() : at + 1);
  return field;
}

}  // namespace

Inventory::Inventory(const std::vector<GatewayUnit>& units) {
  for (const GatewayUnit& unit : units) entries_.push_back({unit, {}, {}, false});
}

bool Inventory::identified(size_t unit, const std::optional<UnitIdentity>& identity) {
  Entry& entry = entries_[unit];
  entry.asked = true;
  if (!identity) return false;
  const UnitIdentity found = bounded(*identity);
  const UnitIdentity& last = entry.stranger ? *entry.stranger : entry.identity;
  const bool is_other = !last.serial.empty() && !same_device(found, last);
  const bool is_listed = entry.identity.serial.empty() || same_device(found, entry.identity);
  if (!is_listed && entry.unit.kind != UnitKind::meter) {
    entry.stranger = found;
    return is_other;
  }
  entry.stranger.reset();
  changed_ = changed_ || found != entry.identity;
  entry.identity = found;
  return is_other;
}

const UnitIdentity* Inventory::stranger(size_t unit) const {
  return entries_[unit].stranger ? &*entries_[unit].stranger : nullptr;
}

void Inventory::confirm() {
  for (Entry& entry : entries_) {
    if (!entry.stranger) continue;
    entry.identity = *entry.stranger;
    entry.stranger.reset();
    changed_ = true;
  }
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
    text += line_of(entry.unit.unit_no, "", entry.identity);
    if (entry.stranger) text += line_of(entry.unit.unit_no, kStrangerMark, *entry.stranger);
  }
  return text;
}

void Inventory::restore(std::string_view text) {
  while (!text.empty()) {
    std::string_view line = take_field(text, '\n');
    const std::string who(take_field(line, kSeparator));
    UnitIdentity identity;
    for (std::string* field : {&identity.manufacturer, &identity.model, &identity.serial, &identity.version})
      *field = take_field(line, kSeparator);
    for (Entry& entry : entries_) {
      const std::string unit_no = std::to_string(entry.unit.unit_no);
      if (who == unit_no) entry.identity = identity;
      if (who == unit_no + std::string(kStrangerMark)) entry.stranger = identity;
    }
  }
}

}  // namespace v2x::gateway
