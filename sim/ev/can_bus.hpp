// The CAN bus between stand and car: one frame at a time, the lowest id first, 500 kbit/s.
#pragma once

#include <functional>
#include <vector>

#include "sim/ev/can_frame.hpp"
#include "sim/power/hold_timer.hpp"

namespace v2x::ev {

/// Whoever is connected to the bus; hears every frame but its own.
class CanNode {
 public:
  virtual ~CanNode() = default;
  virtual void on_frame(const CanFrame& frame, Time now) = 0;
};

/// A plain model on the kernel's thread; CanBusModule is its channel for modules of the kernel. Stuff bits and bit
/// errors are left out. In steady power flow the nodes may leave out frames that say nothing new (allow_quiet()),
/// unless somebody listens or something disturbs the bus.
class CanBus {
 public:
  using Listener = std::function<void(const CanFrame&, Time)>;

  /// `node` outlives the bus.
  void attach(CanNode& node) { nodes_.push_back(&node); }
  /// Hears every frame, and turns the full cadence on; an empty one ends it.
  void listen(Listener listener) { listener_ = std::move(listener); }

  /// `sender` is nullptr for a node from outside.
  void send(const CanNode* sender, const CanFrame& frame, Time now);
  /// Delivers what is through by `now`.
  void update(Time now);
  Time next_change() const { return sending_ ? wire_free_ : power::kNever; }

  void allow_quiet(bool allowed) { quiet_allowed_ = allowed; }
  void disturb(bool disturbed) { disturbed_ = disturbed; }
  /// Every node sends its whole set every 100 ms.
  bool full_cadence() const { return !quiet_allowed_ || disturbed_ || listener_; }

 private:
  struct Waiting {
    const CanNode* sender;
    CanFrame frame;
  };
  void arbitrate(Time now);
  void deliver(const Waiting& sent, Time now);

  std::vector<CanNode*> nodes_;
  Listener listener_;
  std::vector<Waiting> waiting_;  ///< the first is on the wire while sending_
  bool sending_ = false;
  Time wire_free_{};
  bool quiet_allowed_ = false, disturbed_ = false;
};

}  // namespace v2x::ev
