#include "backend/ingest/presence.hpp"

#include <algorithm>
#include <iterator>

namespace v2x::ingest {
namespace {

constexpr int kPauses = 20;  // default: transactions in `collect` at most

}  // namespace

void Presence::heard(const std::string& gateway_id, Time t) {
  Contact& contact = contacts_[gateway_id];
  contact.heard = t;
  if (contact.told != Time::min() && t - contact.told < settings_.every) return;
  untold_[gateway_id] = t;
  if (!untold_since_) untold_since_ = steady_now();
}

bool Presence::is_due() const {
  return untold_since_ && (settings_.collect.count() == 0 || steady_now() - *untold_since_ >= settings_.collect);
}

Presence::Heard Presence::to_tell(const std::vector<std::string>& urgent) const {
  Heard some(untold_.begin(),
             std::next(untold_.begin(), static_cast<std::ptrdiff_t>(std::min(settings_.most, untold_.size()))));
  for (const std::string& gateway_id : urgent)
    if (const auto heard = untold_.find(gateway_id); heard != untold_.end()) some.insert(*heard);
  return some;
}

void Presence::told(const Heard& heard) {
  for (const auto& [gateway_id, t] : heard) {
    contacts_[gateway_id].told = t;
    untold_.erase(gateway_id);
  }
  if (untold_.empty())
    untold_since_.reset();
  else if (is_due())
    untold_since_ = steady_now() - settings_.collect + settings_.collect / kPauses;
}

size_t Presence::heard_since(Time from) {
  std::erase_if(contacts_, [&](const auto& entry) { return entry.second.heard < from; });
  return contacts_.size();
}

}  // namespace v2x::ingest
