#include "sim/gateway/fault_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace v2x::gateway {
namespace {

constexpr int kBits = 32;  // EvtVnd1–4 are 32-bit sets

telemetry::Event transition(std::int64_t time_ms, std::uint32_t unit_no, std::string_view code, bool raised) {
  telemetry::Event event;
  event.set_time_ms(time_ms);
  event.set_kind(raised ? telemetry::EVENT_KIND_FAULT_RAISED : telemetry::EVENT_KIND_FAULT_CLEARED);
  event.set_unit_no(unit_no);
  event.set_code(std::string(code));
  return event;
}

std::string against(std::optional<double> measured, std::optional<double> limit, std::string_view unit) {
  if (!measured) return {};
  if (!limit) return fmt::format("{:.1f} {}", *measured, unit);
  return fmt::format("{:.1f} {}, limit {:.1f} {}", *measured, unit, *limit, unit);
}

/// The leg that is worse off; either may be absent.
template <class Compare>
std::optional<double> worse_leg(const Readings& readings, Compare worse) {
  const auto u = readings[Reading::volts_u];
  const auto v = readings[Reading::volts_v];
  if (!u || !v) return u ? u : v;
  return worse(*u, *v) ? u : v;
}

}  // namespace

std::string fault_detail(std::string_view code, const Readings& readings) {
  if (code == "E1-1" || code == "E1-7") {
    const auto limit = code == "E1-1" ? readings[Reading::ovr_v] : std::nullopt;
    return against(worse_leg(readings, std::greater<>()), limit, "V");
  }
  if (code == "E1-2") return against(worse_leg(readings, std::less<>()), readings[Reading::uvr_v], "V");
  if (code == "E1-3") return against(readings[Reading::hertz], readings[Reading::ofr_hz], "Hz");
  if (code == "E1-4") return against(readings[Reading::hertz], readings[Reading::ufr_hz], "Hz");
  if (code == "E3-1") return against(readings[Reading::heatsink_c], std::nullopt, "°C");
  if (code == "E3-2") return against(readings[Reading::cabinet_c], std::nullopt, "°C");
  return {};
}

void FaultWatch::on_poll(std::int64_t time_ms, std::uint32_t unit_no, const Readings& readings,
                         std::vector<telemetry::Event>& events) {
  for (int number = 1; number <= kVendorRegisters; ++number)
    on_vendor_register(time_ms, unit_no, number, readings, events);
}

void FaultWatch::on_vendor_register(std::int64_t time_ms, std::uint32_t unit_no, int number, const Readings& readings,
                                    std::vector<telemetry::Event>& events) {
  const auto value = readings[nth(Reading::vendor_1, number - 1)];
  if (!value) return;
  const auto bits = static_cast<std::uint32_t>(*value);
  if (bits == 0 && active_.empty()) return;
  for (int bit = 0; bit < kBits; ++bit) {
    const contracts::Fault* fault = catalogue_.by_vendor_bit(number, bit);
    // What the gateway detects has a bit number too, but no unit shows it.
    if (fault == nullptr || fault->detected_by != "pcs") continue;
    const bool shown = (bits >> bit & 1u) != 0;
    if (shown == active(unit_no, fault->code)) continue;
    set(time_ms, unit_no, fault->code, shown, shown ? fault_detail(fault->code, readings) : "", events);
  }
}

void FaultWatch::set(std::int64_t time_ms, std::uint32_t unit_no, std::string_view code, bool is_active,
                     std::string_view detail, std::vector<telemetry::Event>& events) {
  const Key key{unit_no, std::string(code)};
  if (is_active == active_.contains(key)) return;
  if (is_active) {
    active_.insert(key);
  } else {
    active_.erase(key);
  }
  events.push_back(transition(time_ms, unit_no, code, is_active));
  events.back().set_detail(std::string(detail));
}

bool FaultWatch::active(std::uint32_t unit_no, std::string_view code) const {
  return active_.contains({unit_no, std::string(code)});
}

bool FaultWatch::stopped(std::uint32_t unit_no) const {
  return std::any_of(active_.begin(), active_.end(), [&](const Key& key) {
    if (key.first != unit_no || key.second == kOutage) return false;
    const contracts::Fault* fault = catalogue_.find(key.second);
    return fault != nullptr && (fault->effect == contracts::Effect::stop || fault->effect == contracts::Effect::trip);
  });
}

bool FaultWatch::active_anywhere(std::string_view code) const {
  return std::any_of(active_.begin(), active_.end(), [&](const Key& key) { return key.second == code; });
}

std::string FaultWatch::gravest() const {
  const contracts::Fault* gravest = nullptr;
  for (const auto& [unit_no, code] : active_) {
    const contracts::Fault* fault = catalogue_.find(code);
    if (fault == nullptr) continue;
    const bool graver = gravest == nullptr ||
                        (fault->severity == contracts::Severity::error && gravest->severity != fault->severity) ||
                        (fault->severity == gravest->severity && fault->code < gravest->code);
    if (graver) gravest = fault;
  }
  return gravest == nullptr ? "" : gravest->code;
}

std::string FaultWatch::text() const {
  std::string text;
  for (const auto& [unit_no, code] : active_) text += fmt::format("{} {}\n", unit_no, code);
  return text;
}

void FaultWatch::restore(std::string_view text) {
  active_.clear();
  std::istringstream lines{std::string(text)};
  std::uint32_t unit_no = 0;
  std::string code;
  while (lines >> unit_no >> code) active_.insert({unit_no, code});
}

}  // namespace v2x::gateway
