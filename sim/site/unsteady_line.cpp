#include "sim/site/unsteady_line.hpp"

#include <algorithm>

#include "common/random.hpp"

namespace v2x::site {

UnsteadyLine::UnsteadyLine(core::Scheduler& scheduler, Ends ends, std::uint64_t seed, std::string owner)
    : scheduler_(scheduler), ends_(std::move(ends)), seed_(seed), owner_(std::move(owner)) {}

bool UnsteadyLine::happens(double share, std::string_view what) {
  return share > 0 && random_uniform({seed_, owner_, what}, drawn_++) < share;
}

Duration UnsteadyLine::between(const std::pair<Duration, Duration>& range) {
  const double span = static_cast<double>((range.second - range.first).count());
  const double part = random_uniform({seed_, owner_, "wan delay"}, drawn_++);
  return range.first + Duration(static_cast<Duration::rep>(span * part));
}

bool UnsteadyLine::send(std::string_view frame) {
  if (!faulty() && newest_arrival_ <= scheduler_.now()) return ends_.service.send(frame);
  carry(frame, [this](std::string_view one) { (void)ends_.service.send(one); });
  return true;
}

bool UnsteadyLine::faulty() const {
  return faults_.loss > 0 || faults_.duplicate > 0 || faults_.reorder > 0 || faults_.latency;
}

void UnsteadyLine::receive(std::string_view frame) {
  carry(frame, ends_.gateway);
}

void UnsteadyLine::carry(std::string_view frame, const Take& take) {
  if (happens(faults_.loss, "wan loss")) return;  // the sender cannot tell
  pass(frame, take);
  if (happens(faults_.duplicate, "wan duplicate")) pass(frame, take);
}

void UnsteadyLine::pass(std::string_view frame, const Take& take) {
  const Time now = scheduler_.now();
  Time arrival = std::max(now + (faults_.latency ? between(*faults_.latency) : Duration(0)), newest_arrival_);
  if (happens(faults_.reorder, "wan reorder"))
    arrival += between(faults_.overtaken);
  else
    newest_arrival_ = arrival;
  if (arrival <= now) return take(frame);
  scheduler_.at(arrival, [this, take, life = life_, held = std::string(frame)] {
    if (life == life_) take(held);
  });
}

}  // namespace v2x::site
