#include "sim/gateway/program/contact_input.hpp"

#include <fstream>

namespace v2x::gateway::program {

bool ContactInput::changed(SteadyTime now) {
  if (file_.empty() || now < next_) return false;
  next_ = now + kPeriod;
  const bool was = closed_;
  closed_ = std::ifstream(file_).get() == '1';
  return closed_ != was;
}

}  // namespace v2x::gateway::program
