// Which registers of a unit are read, in how few requests, and what each of them means.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "sim/core/register_map.hpp"
#include "sim/gateway/chain.hpp"
#include "sim/gateway/readings.hpp"

namespace v2x::gateway {

/// Covers `points` with as few reads as a forward sweep finds: each ≤ `longest` registers (but for a longer point),
/// none across a gap that the map does not answer, or across models that do not follow each other in the unit. Points
/// that the unit does not have are left out. Addresses are the map's.
std::vector<RegisterRead> merge_reads(const core::RegisterMap& map, std::vector<const core::Point*> points, int longest,
                                      const ChainLayout& layout = {});

/// Immutable; the map outlives it. Addresses are the map's.
class PollPlan {
 public:
  struct WantedPoint {
    Reading reading = Reading::state;
    const core::Point* point = nullptr;
    size_t read = 0;                                     ///< index into reads()
    std::uint16_t offset = 0;                            ///< within that read
    std::vector<std::pair<std::int64_t, double>> words;  ///< raw → enumerator
  };

  PollPlan(const core::RegisterMap& map, UnitKind kind, int longest_read, const ChainLayout& layout = {});

  const std::vector<RegisterRead>& reads() const { return reads_; }
  const std::vector<WantedPoint>& points() const { return points_; }
  /// The point behind a reading; nullptr when the map has none.
  const core::Point* point(Reading reading) const;
  /// False when a constant of the map (a scale factor, a model's id) reads otherwise: what came is not what was asked
  /// for, though the frame was whole.
  bool plausible(size_t read, std::span<const std::uint16_t> registers) const;
  /// Decodes the points of one read into `readings`.
  void decode(size_t read, std::span<const std::uint16_t> registers, Readings& readings) const;

 private:
  struct Constant {
    size_t read = 0;
    std::uint16_t offset = 0;
    std::vector<std::uint16_t> registers;
  };
  void find_constants(const core::RegisterMap& map);

  std::vector<RegisterRead> reads_;
  std::vector<Constant> constants_;
  std::vector<WantedPoint> points_;
};

}  // namespace v2x::gateway
