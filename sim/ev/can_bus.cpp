#include "sim/ev/can_bus.hpp"

#include <algorithm>

namespace v2x::ev {
namespace {

using namespace std::chrono_literals;

// ISO 11898-1: SOF 1, id 11, RTR IDE r0 3, DLC 4, data 64, CRC 15 + 1, ACK 2, EOF 7, intermission 3, at 2 µs a bit.
constexpr Duration kFrameTime = 111 * 2us;

}  // namespace

void CanBus::send(const CanNode* sender, const CanFrame& frame, Time now) {
  waiting_.push_back({sender, frame});
  if (!sending_) arbitrate(now);
}

void CanBus::arbitrate(Time now) {
  sending_ = !waiting_.empty();
  if (!sending_) return;
  const auto wins = std::min_element(waiting_.begin(), waiting_.end(),
                                     [](const Waiting& a, const Waiting& b) { return a.frame.id < b.frame.id; });
  std::rotate(waiting_.begin(), wins, wins + 1);
  wire_free_ = now + kFrameTime;
}

void CanBus::update(Time now) {
  while (sending_ && wire_free_ <= now) {
    const Waiting sent = waiting_.front();
    const Time arrived = wire_free_;
    waiting_.erase(waiting_.begin());
    sending_ = false;
    deliver(sent, arrived);
    if (!sending_) arbitrate(arrived);
  }
}

void CanBus::deliver(const Waiting& sent, Time now) {
  for (CanNode* node : nodes_)
    if (node != sent.sender) node->on_frame(sent.frame, now);
  if (listener_) listener_(sent.frame, now);
}

}  // namespace v2x::ev
