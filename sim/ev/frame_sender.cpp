#include "sim/ev/frame_sender.hpp"

#include <algorithm>

namespace v2x::ev {
namespace {

constexpr Duration kPeriod = std::chrono::milliseconds(100);  // recorded: 100.0–100.1 ms

Time on_grid(Time due, Time now) {
  return due >= now ? due : due + (now - due + kPeriod - Duration(1)) / kPeriod * kPeriod;
}

}  // namespace

void FrameSender::start(const std::vector<std::uint16_t>& ids, Time now) {
  slots_.clear();
  for (size_t i = 0; i < ids.size(); ++i) slots_.push_back({ids[i], now + static_cast<int>(i) * spacing_, {}});
}

void FrameSender::put(Slot& slot, const CanFrame& frame, Time now) {
  slot.due = on_grid(slot.due, now);
  slot.news = without_measurements(frame) != without_measurements(slot.sent);
  if (slot.due > now || !(slot.news || bus_->full_cadence())) return;
  bus_->send(self_, frame, now);
  slot.sent = frame;
  slot.news = false;
  slot.due = now + kPeriod;
}

Time FrameSender::next_change(Time now) const {
  Time next = power::kNever;
  for (const Slot& slot : slots_)
    if (slot.news || bus_->full_cadence()) next = std::min(next, on_grid(slot.due, now + Duration(1)));
  return next;
}

}  // namespace v2x::ev
