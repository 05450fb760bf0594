// The telemetry store: samples of gateways by time, and the marks of their streams. A port; backend/store implements
// it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "backend/service/ports/marks.hpp"
#include "common/clock.hpp"
#include "common/result.hpp"

namespace v2x::service {

/// Six flows, in the order of every table and message: what the house's energy is made of. Absent = not read.
template <class T>
struct Flows {
  std::optional<T> pv, load, buy, sell, charge, discharge;
  bool operator==(const Flows&) const = default;

  std::array<std::optional<T>*, 6> all() { return {&pv, &load, &buy, &sell, &charge, &discharge}; }
  std::array<const std::optional<T>*, 6> all() const { return {&pv, &load, &buy, &sell, &charge, &discharge}; }
};

enum class Throttle { none, output_control, other };
enum class VehicleState { unknown, unplugged, standby, charging, discharging, stopped };

struct EvReading {
  VehicleState state = VehicleState::unknown;
  std::optional<int> soc_permille;
  std::optional<int> remaining_wh;
  bool operator==(const EvReading&) const = default;
};

/// One period of one gateway.
struct TelemetrySample {
  Time start{};
  Duration length{};
  Flows<std::int64_t> mean_w;      ///< over the period, each ≥ 0
  Flows<std::int64_t> counter_wh;  ///< at the period's end
  Throttle throttle = Throttle::none;
  bool island = false;
  std::optional<EvReading> ev;
  std::string units;    ///< the packed unit values; no page of a fleet reads them
  bool skewed = false;  ///< stamped too far in the future: kept, shown nowhere (LAW-7)

  Time end() const { return start + length; }
  bool operator==(const TelemetrySample&) const = default;
};

/// What became of a number of a stream.
enum class SeqKind { sample, event, put_aside, dropped };

struct TelemetryEntry {
  std::uint64_t seq = 0;
  SeqKind kind = SeqKind::sample;
  std::uint64_t until_seq = 0;  ///< of `dropped`: the last number; 0 = only `seq`
  TelemetrySample sample{};     ///< of `sample`
  std::string reason{};         ///< of `put_aside`
  std::string raw{};            ///< of `put_aside`: the record as it came
};

/// A batch of one stream, in seq order; after its commit the stream's mark is `mark`.
struct TelemetryBatch {
  StreamKey key;
  std::uint64_t mark = 0;
  std::vector<TelemetryEntry> entries;
};

/// What a count over all rows finds.
struct StreamLedger {
  std::string stream;
  std::uint64_t mark = 0;
  std::uint64_t stored = 0;   ///< distinct numbers of samples and events
  std::uint64_t missing = 0;  ///< numbers up to the mark of which there is nothing
  std::uint64_t doubled = 0;  ///< rows beyond the first of a number
  std::uint64_t put_aside = 0;
  std::uint64_t dropped = 0;
};

/// What a sample says about energy: counters at the end of its period.
struct CounterReading {
  Time at{};
  Flows<std::int64_t> counter_wh;
  Duration length{};  ///< of the sample's period
  std::optional<int> soc_permille{};
  bool operator==(const CounterReading&) const = default;
};

/// Energy of the half-hour that begins at `start`: half-hours are the finest that pages show, and are kept for ever.
struct HalfHour {
  Time start{};
  Flows<std::int64_t> energy_wh;
  std::optional<int> soc_permille{};  ///< of its last sample
  bool estimated = false;             ///< part of a gap's energy was spread over it (MON-23)
  bool suspect = false;               ///< what went in differs from what came out (MON-21)
  bool operator==(const HalfHour&) const = default;
};

/// A half-hour in which samples arrived since it was last kept. A later arrival has a higher version.
struct TouchedHalfHour {
  Time start{};
  std::uint64_t version = 0;
};

/// Thread-safe. One transaction per commit().
class TelemetryStore {
 public:
  virtual ~TelemetryStore() = default;

  virtual Status commit(const std::vector<TelemetryBatch>& batches) = 0;
  virtual std::uint64_t mark(const StreamKey& key) = 0;  ///< 0 = none

  /// The newest sample that starts at or after `from`, ends at or before `until` and is not skewed.
  virtual std::optional<TelemetrySample> newest(const std::string& gateway_id, Time from, Time until) = 0;
  /// Samples that end in (from, until], not skewed, by time.
  virtual std::vector<CounterReading> counters(const std::string& gateway_id, Time from, Time until) = 0;
  /// The newest reading at or before `at`, not older than `from`.
  virtual std::optional<CounterReading> counter_before(const std::string& gateway_id, Time from, Time at) = 0;
  /// The oldest reading after `at`.
  virtual std::optional<CounterReading> counter_after(const std::string& gateway_id, Time at) = 0;
  virtual bool has_skewed(const std::string& gateway_id, Time from) = 0;

  // Half-hours. commit() touches the half-hour in which each sample ends (skewed ones touch nothing); the touch is
  // visible no earlier than the sample. What they hold is computed elsewhere (energy.hpp).

  /// Those kept that start in [from, until), by start.
  virtual std::vector<HalfHour> half_hours(const std::string& gateway_id, Time from, Time until) = 0;
  /// By start.
  virtual std::vector<TouchedHalfHour> touched(const std::string& gateway_id) = 0;
  /// Up to `most` gateways with touched half-hours that start before `before`.
  virtual std::vector<std::string> touched_gateways(Time before, size_t most) = 0;
  /// Replaces half-hours; those of `touched` are touched no more, unless their version has grown meanwhile.
  virtual Status keep(const std::string& gateway_id, const std::vector<HalfHour>& computed,
                      const std::vector<TouchedHalfHour>& touched) = 0;
  /// Deletes up to `most` samples that ended before `before`, and says how many. The ledger still counts them.
  virtual Result<int> forget_samples(Time before, int most) = 0;

  virtual std::vector<StreamLedger> ledger(const std::string& gateway_id) = 0;
};

}  // namespace v2x::service
