// What the raw references share: their command line, the rows of a fleet, and the loop that counts.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "common/jst.hpp"
#include "harness/bench/fleet_file.hpp"

namespace v2x::bench {

/// PLACE FLEET GATEWAYS BATCH SECONDS, as harness/bench/references.cpp gives them.
struct RawCommand {
  std::string place;
  FleetFile fleet;
  std::uint32_t gateways;
  std::uint32_t batch;
  Duration duration;

  explicit RawCommand(char** argv)
      : place(argv[1]),
        fleet(argv[2]),
        gateways(static_cast<std::uint32_t>(std::atoi(argv[3]))),
        batch(static_cast<std::uint32_t>(std::atoi(argv[4]))),
        duration(static_cast<Duration::rep>(std::atof(argv[5]) * 1e6)) {}
};

/// One row: minute `n` of a gateway.
struct RawRow {
  std::uint32_t gateway = 0;
  std::uint64_t n = 0;
  std::int64_t end_us = 0;
  const telemetry::Sample* sample = nullptr;
  const std::string* units = nullptr;  ///< packed, as the service stores them
};

/// Parsed and packed before the clock runs: a bare loop must not be slowed by what is not its work.
class RawRows {
 public:
  explicit RawRows(const FleetFile& file) : houses_(file.houses()) {
    for (std::size_t house = 0; house < houses_; ++house)
      for (std::size_t n = 0; n < kMinutes; ++n) {
        body_bytes_ += file.body(house, n).size();
        samples_.push_back(file.sample(house, n));
        telemetry::Sample units;
        *units.mutable_units() = samples_.back().units();
        units_.push_back(units.SerializeAsString());
      }
  }
  RawRow row(std::uint32_t gateway, std::uint64_t n) const {
    const std::size_t index = gateway % houses_ * kMinutes + n % kMinutes;
    return {gateway, n, begin_us_ + static_cast<std::int64_t>(n + 1) * 60'000'000, &samples_[index], &units_[index]};
  }
  /// How many messages of `batch` records the service commits together when it has all that it wants.
  std::uint32_t messages_at_once(std::uint32_t batch) const {
    const std::size_t message_bytes = body_bytes_ / samples_.size() * batch;
    return static_cast<std::uint32_t>(std::clamp<std::size_t>(kGroupBytes / message_bytes, 1, kGroupMessages));
  }

 private:
  static constexpr std::size_t kMinutes = 1440;
  static constexpr std::size_t kGroupMessages = 256;     // ingest::ServerOptions::group_frames
  static constexpr std::size_t kGroupBytes = 4'194'304;  // ingest::ServerOptions::group_bytes
  std::size_t houses_;
  std::size_t body_bytes_ = 0;
  std::int64_t begin_us_ = parse_time("2025-06-06T12:00:00+09:00")->time_since_epoch().count();
  std::vector<telemetry::Sample> samples_;
  std::vector<std::string> units_;
};

/// Calls `commit(first, gateways, n, batch)` - store minutes n … n+batch-1 of some gateways durably, as many as the
/// service commits together - until the time is over, and prints records, seconds, CPU seconds. Then it keeps its
/// connections until it is killed: what a server spent on them can only be read meanwhile.
template <class Commit>
[[noreturn]] void run_raw_loop(const RawCommand& command, const RawRows& rows, Commit commit) {
  const std::uint32_t at_once = rows.messages_at_once(command.batch);
  std::uint64_t records = 0;
  const SteadyTime began = steady_now();
  const std::clock_t cpu_before = std::clock();
  const SteadyTime end = began + command.duration;
  for (std::uint64_t n = 0; steady_now() < end; n += command.batch)
    for (std::uint32_t first = 0; first < command.gateways && steady_now() < end; first += at_once) {
      const std::uint32_t count = std::min(at_once, command.gateways - first);
      commit(first, count, n, command.batch);
      records += std::uint64_t{count} * command.batch;
    }
  std::printf("%.0f %.6f %.6f\n", static_cast<double>(records),
              std::chrono::duration<double>(steady_now() - began).count(),
              static_cast<double>(std::clock() - cpu_before) / CLOCKS_PER_SEC);
  std::fflush(stdout);
  for (;;) ::pause();
}

}  // namespace v2x::bench
