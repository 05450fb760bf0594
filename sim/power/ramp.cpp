#include "sim/power/ramp.hpp"

#include <algorithm>
#include <cmath>

#include "sim/power/hold_timer.hpp"

namespace v2x::power {

void Ramp::jump(double value) {
  from_ = target_ = value;
  end_ = Time{};
}

void Ramp::go(double target, double per_second, Time now) {
  from_ = at(now);
  target_ = target;
  start_ = now;
  end_ = now + Duration(static_cast<Duration::rep>(std::ceil(std::abs(target - from_) / per_second * 1e6)));
}

double Ramp::at(Time now) const {
  if (!moving(now)) return target_;
  const double part = std::chrono::duration<double>(now - start_) / std::chrono::duration<double>(end_ - start_);
  return from_ + (target_ - from_) * part;
}

Time Ramp::next_step(Time now) const {
  return moving(now) ? std::min(now + step_, end_) : kNever;
}

}  // namespace v2x::power
