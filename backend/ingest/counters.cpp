#include "backend/ingest/counters.hpp"

namespace v2x::ingest {

void Counters::refused(const std::string& reason) {
  const std::lock_guard lock(mutex_);
  ++reasons_[reason];
}

std::map<std::string, std::uint64_t> Counters::refusals_by_reason() const {
  const std::lock_guard lock(mutex_);
  return reasons_;
}

std::map<std::string, std::uint64_t> Counters::read() const {
  return {{"frames", frames},
          {"records", records},
          {"samples", samples},
          {"events", events},
          {"duplicates", duplicates},
          {"put_aside", put_aside},
          {"commits", commits},
          {"acks", acks},
          {"gaps", gaps},
          {"refusals", refusals},
          {"busy", busy},
          {"unknown_keys", unknown_keys},
          {"revoked", revoked},
          {"unanswered", unanswered}};
}

}  // namespace v2x::ingest
