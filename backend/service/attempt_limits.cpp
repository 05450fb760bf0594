#include "backend/service/attempt_limits.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "backend/service/ports/audit.hpp"
#include "backend/service/secrets.hpp"
#include "backend/service/settings.hpp"

namespace v2x::service {
namespace {

using namespace std::chrono_literals;

/// Addresses that one subscriber can change at will count together: an IPv6 /64.
std::string network_of(const std::string& address) {
  constexpr size_t kNetworkBytes = 8;
  in6_addr parsed{};
  if (inet_pton(AF_INET6, address.c_str(), &parsed) != 1) return address;
  std::fill(std::begin(parsed.s6_addr) + kNetworkBytes, std::end(parsed.s6_addr), std::uint8_t{0});
  std::array<char, INET6_ADDRSTRLEN> text{};
  return inet_ntop(AF_INET6, &parsed, text.data(), text.size());
}

}  // namespace

AttemptLimits default_attempt_limits() {
  return {
      {AttemptKind::login, {10, 15min, 15min}},
      {AttemptKind::login_of_address, {100, 15min, 15min}},
      {AttemptKind::login_of_account, {100, 1h, 10s}},
      {AttemptKind::registration, {10, 1h, 0s}},
      {AttemptKind::resend, {10, 1h, 0s}},
      {AttemptKind::reset, {10, 1h, 0s}},
      {AttemptKind::token_page, {60, 15min, 0s}},
      {AttemptKind::claim, {30, 1h, 0s}},
      {AttemptKind::gateway_password, {10, 15min, 15min}},
      {AttemptKind::dealer_telephone, {10, 15min, 15min}},
      {AttemptKind::api, {120, 1min, 0s}},
  };
}

AttemptKey attempts_from(AttemptKind kind, const std::string& address) {
  return attempts_of(kind, network_of(address));
}

AttemptKey attempts_of(AttemptKind kind, std::string_view subject) {
  return {kind, hash_of(subject)};
}

std::optional<Time> blocked_until(Transaction& tx, const AttemptLimits& limits, const AttemptKey& key) {
  const model::AttemptLimit& limit = limits.at(key.kind);
  const auto until = model::blocked_until(limit, tx.attempts().newest(key, limit.most));
  return until && tx.now() < *until ? until : std::nullopt;
}

Result<CountedAttempt> count_attempt(Transaction& tx, const AttemptLimits& limits, const AttemptKey& key) {
  if (blocked_until(tx, limits, key)) return fail("locked", "too many attempts: " + to_string(key.kind));
  const model::AttemptLimit& limit = limits.at(key.kind);
  return CountedAttempt{key, tx.attempts().add(key, tx.now() + limit.window + limit.pause)};
}

std::optional<Duration> over_limit(Registry& registry, const AttemptLimits& limits, const AttemptKey& key) {
  return registry.transact([&](Transaction& tx) -> std::optional<Duration> {
    if (count_attempt(tx, limits, key)) return std::nullopt;
    return *blocked_until(tx, limits, key) - tx.now();
  });
}

void forgive(Transaction& tx, const CountedAttempt& attempt) {
  tx.attempts().remove(attempt.id);
}

void note_wrong(Transaction& tx, const AttemptLimits& limits, const CountedAttempt& attempt, const Caller& caller) {
  if (blocked_until(tx, limits, attempt.key))
    tx.audit().write({"visitor", caller.address, "lock", to_string(attempt.key.kind), "locked"});
}

}  // namespace v2x::service
