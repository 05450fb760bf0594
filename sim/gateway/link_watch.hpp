// Is a unit there? E6-2 (PCS) and E6-3 (meter), raised and cleared by the gateway itself.
#pragma once

#include <optional>
#include <string_view>

#include "sim/gateway/unit_reader.hpp"

namespace v2x::gateway {

class LinkWatch {
 public:
  enum class Change { none, down, up };

  explicit LinkWatch(bool down_at_start = false) : down_(down_at_start) {}
  /// `excused`: silence says nothing now, the unit may sleep.
  Change on_poll(Time now, PollQuality quality, bool excused = false);
  bool down() const { return down_; }

  static constexpr int kPolls = 3;                                // E6-2: in a row, both ways
  static constexpr Duration kSilence = std::chrono::seconds(60);  // and this long without a valid answer

 private:
  bool down_;
  int failed_ = 0;
  int good_ = 0;
  std::optional<Time> last_answer_;  ///< or when the watch began
};

/// The fault code of a unit that does not answer.
std::string_view link_fault_code(UnitKind kind);

}  // namespace v2x::gateway
