// What the gateway wants to know of a unit, whatever register map the unit has.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sim/gateway/gateway_config.hpp"

namespace v2x::gateway {

constexpr int kMaxStrings = 4;       // DC inputs of a unit
constexpr int kVendorRegisters = 4;  // EvtVnd1–4

/// Numbers in base units; `state`, `detail`, `suppression`, `plug`, `stage` and `outage_mode` as their enumerators.
enum class Reading : std::uint8_t {
  state,
  detail,
  suppression,
  ac_w,
  volts_u,
  volts_v,
  hertz,
  cabinet_c,
  heatsink_c,
  injected_wh,
  absorbed_wh,
  buy_wh,
  sell_wh,
  vendor_1,
  vendor_2,
  vendor_3,
  vendor_4,
  ovr_v,
  uvr_v,
  ofr_hz,
  ufr_hz,
  string_1_v,
  string_2_v,
  string_3_v,
  string_4_v,
  string_1_a,
  string_2_a,
  string_3_a,
  string_4_a,
  plug,
  stage,
  soc_pct,
  stored_wh,
  min_soc_pct,
  max_soc_pct,
  outage_mode,
  outage_floor_pct,
  count_
};
constexpr size_t kReadingCount = static_cast<size_t>(Reading::count_);

/// The n-th of four consecutive enumerators, n from 0.
constexpr Reading nth(Reading first, int n) {
  return static_cast<Reading>(static_cast<int>(first) + n);
}

enum class UnitState { off, sleeping, starting, running, throttled, shutting_down, fault, standby, island };
enum class StateDetail {
  off,
  sleeping,
  start_check,
  reconnect_wait,
  running,
  throttled,
  shutting_down,
  fault,
  standby,
  island,
  black_start
};
enum class Suppression { none, output_control, other };
enum class Plug { unplugged, plugged, locked };
enum class Stage {
  unplugged,
  plugged,
  handshake,
  negotiate,
  permitted,
  insulation,
  precharge,
  ready,
  power_flow,
  stopping,
  weld_check,
  unlock,
  fault,
  emergency
};

/// Absent is absent: what was not read is never 0.
class Readings {
 public:
  std::optional<double> operator[](Reading reading) const { return values_[static_cast<size_t>(reading)]; }
  void set(Reading reading, std::optional<double> value) { values_[static_cast<size_t>(reading)] = value; }
  void clear() { values_.fill(std::nullopt); }
  /// The enumerator that a word stands for.
  template <class Enum>
  std::optional<Enum> word(Reading reading) const {
    const auto value = (*this)[reading];
    if (!value) return std::nullopt;
    return static_cast<Enum>(static_cast<int>(*value));
  }

 private:
  std::array<std::optional<double>, kReadingCount> values_;
};

struct WantedQuantity {
  Reading reading;
  std::string_view quantity;                ///< name in the quantity catalogue
  std::span<const std::string_view> words;  ///< in the order of the enumerators; empty for numbers
};
std::span<const WantedQuantity> wanted_quantities(UnitKind kind);

}  // namespace v2x::gateway
