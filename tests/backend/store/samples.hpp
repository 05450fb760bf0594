// Samples and batches for tests of telemetry: one gateway, minutes of one day.
#pragma once

#include <string>
#include <vector>

#include "backend/service/telemetry.hpp"
#include "common/jst.hpp"

namespace v2x::test {

inline const std::string kMeter = "01AB12345678";
inline const std::string kStreamOne = "00112233445566778899aabbccddeeff";

/// "12:30" of 2026-04-01, or a whole time.
inline Time jst(const std::string& text) {
  return parse_time(text.size() > 8 ? text : "2026-04-01T" + text + (text.size() == 5 ? ":00" : "")).value();
}

/// Counters of a house that buys `wh` and uses it, next to a PV that makes `pv_wh` and sells it.
inline service::Flows<std::int64_t> counters(std::int64_t wh, std::int64_t pv_wh = 0) {
  return {pv_wh, wh, wh, pv_wh, 0, 0};
}

/// The minute that ends at `end`.
inline service::TelemetrySample sample(Time end, const service::Flows<std::int64_t>& counter_wh) {
  service::TelemetrySample made;
  made.length = std::chrono::minutes(1);
  made.start = end - made.length;
  made.counter_wh = counter_wh;
  return made;
}

inline service::TelemetryEntry entry(std::uint64_t seq, const service::TelemetrySample& of) {
  return {seq, service::SeqKind::sample, 0, of, "", ""};
}

/// Samples with the numbers from `first_seq` on.
inline service::TelemetryBatch batch(std::uint64_t first_seq, const std::vector<service::TelemetrySample>& samples,
                                     const std::string& stream = kStreamOne, const std::string& gateway = kMeter) {
  service::TelemetryBatch made{{gateway, stream}, first_seq + samples.size() - 1, {}};
  for (const auto& one : samples) made.entries.push_back(entry(first_seq++, one));
  return made;
}

}  // namespace v2x::test
