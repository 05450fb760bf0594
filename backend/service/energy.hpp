// Energy of a gateway by half-hours, days, months and years, as an ownership period sees it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "backend/service/half_hours.hpp"
#include "backend/service/telemetry.hpp"

namespace v2x::service {

/// Minutes are kept that long, half-hours for ever.
inline constexpr Duration kSamplesKept = std::chrono::days(400);

/// A gateway and from when on its data may be seen (GW-11).
struct EnergyView {
  std::string gateway_id;
  Time visible_from{};
};

/// Of a graph: a half-hour, a day or a month.
struct EnergySlot {
  enum class Quality { measured, estimated, missing };

  Time start{};
  Time end{};
  Flows<std::int64_t> energy_wh;
  std::optional<int> soc_permille{};  ///< of its last half-hour that has one
  Quality quality = Quality::missing;
};

/// Adds half-hours up by the slots that follow one another in `bounds`.
std::vector<EnergySlot> slots_between(const std::vector<Time>& bounds, const std::vector<HalfHour>& half_hours);

/// Thread-safe; holds nothing. Who may see the gateway was checked by the caller. Right at once after the commit of
/// late data: what was touched is computed from samples, the rest is read.
class EnergyQueries {
 public:
  EnergyQueries(TelemetryStore& telemetry, const Clock& clock) : telemetry_(telemetry), clock_(clock) {}

  /// Half-hours that start in [from, until), by start; those without data are left out.
  std::vector<HalfHour> half_hours(const EnergyView& view, Time from, Time until) const;
  /// Energy from `from` on. Absent without data.
  Flows<std::int64_t> total(const EnergyView& view, Time from, Time until) const;
  /// Computes what was touched and keeps it.
  Status keep_touched(const std::string& gateway_id);

 private:
  using Range = std::pair<Time, Time>;

  std::vector<Range> outdated(const std::string& gateway_id, const std::vector<TouchedHalfHour>& touched) const;
  bool can_cut(const EnergyView& view) const;
  Time first_visible(const EnergyView& view) const;
  std::optional<Range> cut_by(const EnergyView& view) const;
  std::vector<HalfHour> compute(const EnergyView& view, const Range& range) const;

  TelemetryStore& telemetry_;
  const Clock& clock_;
};

}  // namespace v2x::service
