// What a fleet sends, and when: shapes, due times and stamps as pure functions of gateway and record number.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/clock.hpp"

namespace v2x::bench {

enum class Shape {
  steady,    ///< every gateway once in a period, spread evenly
  storm,     ///< every gateway at the same instant of each period
  restart,   ///< steady; the service is killed half-way and started again
  backfill,  ///< after an outage: batches of 512 minutes
  midnight,  ///< storm, with one burst at 0:00 JST
};
const std::map<std::string, Shape>& shapes();
std::string to_string(Shape shape);

struct LoadPlan {
  std::uint32_t gateways = 500;
  double rate = 0;  ///< records/s of all together; 0: each gateway sends as soon as it is answered
  Shape shape = Shape::steady;
  Duration duration = std::chrono::seconds(10);
  std::uint64_t seed = 1;
  int batch = 0;  ///< records in one message at most; 0: 1, or 512 to back-fill

  bool saturates() const { return rate == 0; }
  int records_per_batch() const;
};

/// The instants at which records fall due, relative to the load's start. Open model: they depend on nothing that the
/// service does.
class Arrivals {
 public:
  explicit Arrivals(const LoadPlan& plan);

  /// From one message of a gateway to its next; zero when the plan saturates.
  Duration period() const { return period_; }
  /// When record `seq` (from 1) of a gateway is due.
  Duration due(std::uint32_t gateway, std::uint64_t seq) const;

  /// How many records of one gateway fall due at once.
  int records() const { return records_; }
  /// All arrivals in the order of time.
  struct Arrival {
    Duration at;
    std::uint32_t gateway;
  };
  Arrival arrival(std::uint64_t index) const;

 private:
  Duration period_{};
  int records_ = 1;  ///< that fall due together
  std::vector<Duration> phases_;
  std::vector<std::uint32_t> order_;  ///< gateways by phase
};

/// Start and length of a record's period.
struct Stamp {
  std::int64_t start_ms = 0;
  std::uint32_t length_ms = 0;
};
/// `begin`: service time at the load's start. Back-filled minutes begin 300 days before it; live ones end when they are
/// due, or follow each other by a millisecond when nothing is ever due.
Stamp stamp_of(const LoadPlan& plan, const Arrivals& arrivals, Time begin, std::uint32_t gateway, std::uint64_t seq);

}  // namespace v2x::bench
