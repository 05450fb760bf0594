#include "sim/gateway/link_watch.hpp"

namespace v2x::gateway {

LinkWatch::Change LinkWatch::on_poll(Time now, PollQuality quality, bool excused) {
  if (!last_answer_) last_answer_ = now;
  if (quality == PollQuality::good) {
    last_answer_ = now;
    failed_ = 0;
    if (!down_ || ++good_ < kPolls) return Change::none;
    down_ = false;
    return Change::up;
  }
  good_ = 0;
  if (excused) {
    last_answer_ = now;
    failed_ = 0;
    return Change::none;
  }
  ++failed_;
  if (down_ || failed_ < kPolls || now - *last_answer_ < kSilence) return Change::none;
  down_ = true;
  return Change::down;
}

std::string_view link_fault_code(UnitKind kind) {
  return kind == UnitKind::meter ? "E6-3" : "E6-2";
}

}  // namespace v2x::gateway
