#include "sim/gateway/program/service_line.hpp"

#include <algorithm>

#include "common/curve_key_file.hpp"
#include "common/log.hpp"
#include "common/random.hpp"

namespace v2x::gateway::program {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{1000};      // default: until the keys are tried again; doubles
constexpr milliseconds kLongestPause{30'000};  // default
constexpr milliseconds kUnreachable{5000};     // default: a restarting service is no news
constexpr milliseconds kUnwelcome{45'000};     // default: longer than the gateway waits for a Welcome
constexpr milliseconds kSpread{2000};          // default: within this, those who lost the service together come back

/// Another share for each gateway and each time; a fleet that was cut off in one instant must not come back in one.
milliseconds share_of(milliseconds span, const std::string& public_key, std::uint64_t time) {
  const RandomStream stream{.seed = 1, .owner = public_key, .purpose = "reconnect"};
  return std::chrono::floor<milliseconds>(random_uniform(stream, time) * span);
}

}  // namespace

Result<std::vector<CurveKeyPair>> read_keys(const std::vector<std::filesystem::path>& files) {
  std::vector<CurveKeyPair> keys;
  for (const auto& file : files) {
    const auto secret = read_curve_key(file);
    if (!secret) return fail(secret.error());
    keys.push_back({curve_public_key(*secret), *secret});
  }
  return keys;
}

ServiceLine::ServiceLine(const MessagingContext& context, ServiceAddress address, std::vector<CurveKeyPair> keys)
    : context_(context), address_(std::move(address)), keys_(std::move(keys)) {}

void ServiceLine::connect(SteadyTime now) {
  dealer_.reset();
  dealer_.emplace(context_, CurveDealer::Options{address_.endpoint, address_.server_public_key, keys_[key_]});
  retry_.reset();
  since_ = now;
}

ServiceLine::Change ServiceLine::tend(SteadyTime now) {
  Change change = Change::none;
  if (dealer_) change = take_events(now);
  if (dealer_ && change == Change::none) change = judge_waiting(now);
  if (!dealer_ && (!retry_ || now >= *retry_)) connect(now);
  return change;
}

ServiceLine::Change ServiceLine::take_events(SteadyTime now) {
  using Event = WatchedDealer::Event;
  Change change = Change::none;
  while (dealer_) {
    const auto event = dealer_->take_event();
    if (!event) break;
    switch (*event) {
      case Event::up:
        up_ = true;
        since_ = now;
        change = Change::up;
        break;
      case Event::down:
        if (!up_) break;     // a handshake that failed, or a service that isn't there: ZeroMQ tries again
        change = lost(now);  // what waits in its queue goes with it: the spool has it
        break;
      case Event::key_refused:
        refused(now);
        break;
      case Event::handshake_failed:
        if (unproven_.due(now))
          log::warning("{} does not prove that it has the server key of this gateway's file; trying again",
                       address_.endpoint);
    }
  }
  return change;
}

ServiceLine::Change ServiceLine::lost(SteadyTime now) {
  const bool was_up = up_;
  dealer_.reset();
  up_ = welcomed_ = false;
  retry_.reset();
  if (was_up) retry_ = now + share_of(kSpread, keys_[key_].public_key, ++losses_);
  return was_up ? Change::down : Change::none;
}

void ServiceLine::refused(SteadyTime now) {
  const std::string key = keys_[key_].public_key;
  lost(now);
  key_ = (key_ + 1) % keys_.size();
  if (key_ != 0) {
    if (next_key_.due(now)) log::info("the service refuses the key {}, the next one is tried", key);
    return;
  }
  pause_ = std::clamp(pause_ * 2, kFirstPause, kLongestPause);
  retry_ = now + pause_;
  if (refused_.due(now))
    log::warning("{} refuses this gateway's key: the service does not know {} or has revoked it; trying again",
                 address_.endpoint, key);
}

void ServiceLine::note_welcome(bool has_it, SteadyTime now) {
  if (welcomed_ == has_it) return;
  welcomed_ = has_it;
  since_ = now;
  if (!has_it) return;
  pause_ = milliseconds(0);
  log::info("welcomed by {} with the key {}", address_.endpoint, keys_[key_].public_key);
}

/// A key that was revoked while it was in use gets no answer any more; only a new handshake tells why.
ServiceLine::Change ServiceLine::judge_waiting(SteadyTime now) {
  if (welcomed_) return Change::none;
  if (!up_) {
    if (now >= since_ + kUnreachable && unreached_.due(now))
      log::warning("{} is not reached; records wait in the spool", address_.endpoint);
    return Change::none;
  }
  if (now < since_ + kUnwelcome) return Change::none;
  if (unwelcome_.due(now))
    log::warning("{} does not welcome this gateway; records wait in the spool", address_.endpoint);
  return lost(now);
}

std::optional<SteadyTime> ServiceLine::next_deadline() const {
  return dealer_ ? std::nullopt : retry_;
}

ServiceLine::Change ServiceLine::rotate(SteadyTime now) {
  auto keys = read_keys(address_.key_files);
  if (!keys) {
    log::error("the keys stay as they were: {}", keys.error().message);
    return Change::none;
  }
  keys_ = std::move(*keys);
  key_ = 0;
  pause_ = milliseconds(0);
  const Change change = lost(now);
  log::info("the key files were read again, connecting with {}", keys_[key_].public_key);
  connect(now);
  return change;
}

}  // namespace v2x::gateway::program
