// Faults that the units show in their vendor event registers → one event per transition of (unit, code).
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "contracts/fault_catalogue.hpp"
#include "sim/gateway/readings.hpp"

namespace v2x::gateway {

/// 停電, found by the units: the grid's, not theirs.
inline constexpr std::string_view kOutage = "E1-0";

/// A fault, of a unit or found by the gateway itself, that is there now. Survives a restart of the gateway by
/// text()/restore(), so that a restart neither repeats nor forgets a transition.
class FaultWatch {
 public:
  explicit FaultWatch(const contracts::FaultCatalogue& catalogue) : catalogue_(catalogue) {}

  /// Compares a valid poll with what is known and appends the events. A register that was not read says nothing.
  void on_poll(std::int64_t time_ms, std::uint32_t unit_no, const Readings& readings,
               std::vector<telemetry::Event>& events);
  /// What the gateway finds out itself (E6-2 …). No event when nothing changes.
  void set(std::int64_t time_ms, std::uint32_t unit_no, std::string_view code, bool active, std::string_view detail,
           std::vector<telemetry::Event>& events);

  bool active(std::uint32_t unit_no, std::string_view code) const;
  /// True while a code of its own, with a stop or a trip as its effect, holds the unit. An outage trips it, too, but
  /// that is for guard G3: it must not pass for a fault of the unit.
  bool stopped(std::uint32_t unit_no) const;
  bool active_anywhere(std::string_view code) const;
  /// The gravest code of unit 0 … n: error before notice, then the lowest; "" when there is none.
  std::string gravest() const;

  std::string text() const;
  void restore(std::string_view text);

 private:
  using Key = std::pair<std::uint32_t, std::string>;  // unit_no, code

  void on_vendor_register(std::int64_t time_ms, std::uint32_t unit_no, int number, const Readings& readings,
                          std::vector<telemetry::Event>& events);

  const contracts::FaultCatalogue& catalogue_;
  std::set<Key> active_;
};

/// What was measured and which limit it broke, as far as the registers tell: "116.0 V, limit 115.0 V"; else "".
std::string fault_detail(std::string_view code, const Readings& readings);

}  // namespace v2x::gateway
