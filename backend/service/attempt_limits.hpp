// Counting attempts against their limits: an attempt is counted before it is judged, so that many at once cannot slip
// through, and forgiven when it was right.
#pragma once

#include <map>
#include <optional>
#include <string_view>

#include "backend/model/attempt_limit.hpp"
#include "backend/service/ports/attempts.hpp"
#include "backend/service/registry.hpp"
#include "common/result.hpp"

namespace v2x::service {

struct Caller;

using AttemptLimits = std::map<AttemptKind, model::AttemptLimit>;
/// SEC-07, SEC-09, GW-05, LINK-01.
AttemptLimits default_attempt_limits();

/// Attempts of this kind by whoever comes from the address; an IPv6 network (/64) counts as one.
AttemptKey attempts_from(AttemptKind kind, const std::string& address);
AttemptKey attempts_of(AttemptKind kind, std::string_view subject);

struct CountedAttempt {
  AttemptKey key;
  std::int64_t id = 0;
};

/// When `key` may be tried again; nullopt: now.
std::optional<Time> blocked_until(Transaction& tx, const AttemptLimits& limits, const AttemptKey& key);
/// Error "locked": too many before it.
Result<CountedAttempt> count_attempt(Transaction& tx, const AttemptLimits& limits, const AttemptKey& key);
/// Counts one in a transaction of its own. How long to wait before the next when it was one too many; else nullopt.
std::optional<Duration> over_limit(Registry& registry, const AttemptLimits& limits, const AttemptKey& key);
/// It was right, or nobody could judge it.
void forgive(Transaction& tx, const CountedAttempt& attempt);
/// It was wrong, and stays counted; that it was the last one for now goes into the audit log.
void note_wrong(Transaction& tx, const AttemptLimits& limits, const CountedAttempt& attempt, const Caller& caller);

}  // namespace v2x::service
