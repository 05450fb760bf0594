#include "backend/ingest/presence.hpp"

namespace v2x::ingest {

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

void Presence::told() {
  for (const auto& [gateway_id, t] : untold_) contacts_[gateway_id].told = t;
  untold_.clear();
  untold_since_.reset();
}

size_t Presence::heard_since(Time from) {
  std::erase_if(contacts_, [&](const auto& entry) { return entry.second.heard < from; });
  return contacts_.size();
}

}  // namespace v2x::ingest
