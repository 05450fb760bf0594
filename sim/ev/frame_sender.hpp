// One side's CAN frames on their 100 ms grid.
#pragma once

#include <vector>

#include "sim/ev/can_bus.hpp"
#include "sim/ev/chademo_frames.hpp"

namespace v2x::ev {

/// With the full cadence every frame goes out every 100 ms; else only one that says something new, at its next slot.
class FrameSender {
 public:
  /// All outlive this object. The n-th frame follows the first by n · `spacing`.
  FrameSender(CanBus& bus, const CanNode& self, Duration spacing) : bus_(&bus), self_(&self), spacing_(spacing) {}

  /// The first set begins at `now`.
  void start(const std::vector<std::uint16_t>& ids, Time now);
  void stop() { slots_.clear(); }
  bool running() const { return !slots_.empty(); }

  /// Sends what is due.
  template <class Data>
  void update(const Data& data, Time now) {
    for (Slot& slot : slots_) put(slot, encode(slot.id, data), now);
  }
  Time next_change(Time now) const;

 private:
  struct Slot {
    std::uint16_t id;
    Time due;
    CanFrame sent;
    bool news = true;
  };
  void put(Slot& slot, const CanFrame& frame, Time now);

  CanBus* bus_;
  const CanNode* self_;
  Duration spacing_;
  std::vector<Slot> slots_;
};

}  // namespace v2x::ev
