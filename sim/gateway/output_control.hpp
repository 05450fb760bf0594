// 出力制御: how much of their rating the PV units may give, by half-hours of the day.
#pragma once

#include <array>
#include <chrono>
#include <optional>

#include "common/clock.hpp"

namespace v2x::gateway {

/// A fixed schedule (固定スケジュール): the same for each day.
struct OutputControl {
  static constexpr Duration kSlot = std::chrono::minutes(30);
  static constexpr int kSlots = std::chrono::hours(24) / kSlot;
  std::array<int, kSlots> limit_pct{};  ///< of the rating, from 00:00 JST on
  /// 余剰買取: only what is sold is limited, so the house's load is allowed beside it.
  bool export_only = false;
  double rated_w = 0;  ///< of all PV units together; export_only needs it
  bool operator==(const OutputControl&) const = default;
};

/// Whole percent of the rating, as units take it. `load_w`: what the house takes; what isn't known allows nothing.
int limit_pct(const OutputControl& control, Time clock, std::optional<double> load_w);

/// When one unit is to be told: at once what is new, and everything again and again, as the unit forgets it when it is
/// switched off.
class LimitSchedule {
 public:
  /// Shorter than the shortest set.heartbeat_timeout, 30 s. Default.
  static constexpr Duration kRepeat = std::chrono::seconds(20);

  bool due(Time now, int limit_pct) const {
    return !told_ || told_->limit_pct != limit_pct || now - told_->at >= kRepeat;
  }
  void told(Time now, int limit_pct) { told_ = Told{now, limit_pct}; }
  void failed() { told_.reset(); }

 private:
  struct Told {
    Time at;
    int limit_pct;
  };
  std::optional<Told> told_;
};

}  // namespace v2x::gateway
