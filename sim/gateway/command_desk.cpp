#include "sim/gateway/command_desk.hpp"

#include <fmt/format.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/delimited_message_util.h>

#include <algorithm>
#include <sstream>
#include <vector>

#include "common/planted.hpp"

namespace v2x::gateway {
namespace {

using std::chrono::milliseconds;

constexpr size_t kRemembered = 32;    // results; default
constexpr size_t kKept = 8;           // of these, over a restart; default
constexpr size_t kReasonBytes = 120;  // telemetry.proto, CommandResult.reason
constexpr std::uint8_t kBusy = 6;     // Modbus exception: ask again later

/// What came over the wire may be quoted in a reason: printable ASCII, no longer than the contract allows.
std::string bounded(std::string_view text) {
  std::string clean;
  for (const char c : text.substr(0, kReasonBytes)) clean += c >= ' ' && c <= '~' ? c : '?';
  return clean;
}

}  // namespace

const telemetry::CommandResult* CommandLog::find(std::uint64_t id) const {
  for (const auto& result : results_)
    if (result.correlation_id() == id) return &result;
  return nullptr;
}

void CommandLog::add(const telemetry::CommandResult& result) {
  results_.push_back(result);
  if (results_.size() > kRemembered) results_.pop_front();
}

std::string CommandLog::text() const {
  std::vector<const telemetry::CommandResult*> kept;
  for (auto result = results_.rbegin(); result != results_.rend() && kept.size() < kKept; ++result)
    if (result->values_size() > 0) kept.push_back(&*result);
  std::ostringstream text;
  for (auto result = kept.rbegin(); result != kept.rend(); ++result)
    google::protobuf::util::SerializeDelimitedToOstream(**result, &text);
  return text.str();
}

void CommandLog::restore(std::string_view text) {
  google::protobuf::io::ArrayInputStream bytes(text.data(), static_cast<int>(text.size()));
  telemetry::CommandResult result;
  while (google::protobuf::util::ParseDelimitedFromZeroCopyStream(&result, &bytes, nullptr)) {
    results_.push_back(result);
    result.Clear();
  }
}

CommandDesk::CommandDesk(const KeptSettings& settings, std::string unit, Acts acts)
    : settings_(settings), unit_(std::move(unit)), acts_(std::move(acts)) {}

CommandDesk::Exchange CommandDesk::exchange_of(const telemetry::Command& command, Time expires) {
  Exchange exchange;
  exchange.id = command.correlation_id();
  exchange.expires = expires;
  exchange.is_write = command.has_write_settings();
  const telemetry::WriteSettings& write = command.write_settings();
  for (const auto& setting : write.values()) exchange.values.push_back({setting.name(), setting.value()});
  if (write.has_if_revision()) exchange.if_revision = write.if_revision();
  return exchange;
}

bool CommandDesk::known(std::uint64_t id) const {
  if (current_ && current_->id == id) return true;
  return std::any_of(waiting_.begin(), waiting_.end(), [&](const Exchange& e) { return e.id == id; });
}

void CommandDesk::take(Time now, Time service_now, const telemetry::Command& command) {
  const std::uint64_t id = command.correlation_id();
  if (const auto* result = log_.find(id)) return acts_.report(now, *result);
  if (known(id)) return;
  Exchange exchange = exchange_of(command, now + (Time(milliseconds(command.expires_ms())) - service_now));
  if (!may_start(now, exchange)) return;
  switch (command.body_case()) {
    case telemetry::Command::kReadSettings:
    case telemetry::Command::kWriteSettings:
      break;
    case telemetry::Command::kLive:
      return order_live(now, command);
    case telemetry::Command::BODY_NOT_SET:
      return finish(now, id, telemetry::CommandResult::UNSUPPORTED, "unsupported: this firmware knows no such command");
  }
  if (waiting_.size() >= kLongestQueue) return refuse(now, id, "busy: too many commands wait already");
  waiting_.push_back(std::move(exchange));
  start_next(now);
}

void CommandDesk::order_live(Time now, const telemetry::Command& command) {
  const telemetry::LiveRequest& live = command.live();
  const std::uint64_t id = command.correlation_id();
  if (milliseconds(live.period_ms()) < kShortestLive || milliseconds(live.period_ms()) > kLongestLivePeriod)
    return refuse(now, id, fmt::format("bad_value: period_ms: {}, expected 1000 to 60000", live.period_ms()));
  if (milliseconds(live.duration_ms()) > kLongestLive)
    return refuse(now, id, fmt::format("bad_value: duration_ms: {}, expected up to 3600000", live.duration_ms()));
  acts_.go_live(now, milliseconds(live.period_ms()), milliseconds(live.duration_ms()));
  finish(now, id, telemetry::CommandResult::DONE, "");
}

void CommandDesk::start_next(Time now) {
  while (!current_ && !waiting_.empty()) {
    Exchange exchange = std::move(waiting_.front());
    waiting_.pop_front();
    if (!may_start(now, exchange)) continue;
    exchange.give_up = now + kPatience;
    current_ = std::move(exchange);
    perform(now);
  }
}

/// When it may not, its result is on the way.
bool CommandDesk::may_start(Time now, const Exchange& exchange) {
  if (now >= exchange.expires && !planted("command_after_expiry")) {
    finish(now, exchange.id, telemetry::CommandResult::TIMED_OUT, "expired: it could not be started in time");
    return false;
  }
  if (exchange.if_revision && *exchange.if_revision != settings_.revision) {
    refuse(now, exchange.id,
           fmt::format("stale_revision: it is {} by now, not {}", settings_.revision, *exchange.if_revision));
    return false;
  }
  if (const auto wanted = with_settings(settings_.values, exchange.values, now); !wanted) {
    refuse(now, exchange.id, "bad_value: " + wanted.error().message);
    return false;
  }
  return true;
}

/// Begins the exchange with the unit, again or for the first time.
void CommandDesk::perform(Time now) {
  if (unit_.empty()) return current_->is_write ? finish_write(now) : finish_read(now);
  if (!current_->is_write) return acts_.read_unit(now);
  const auto write = acts_.write_unit(now, *with_settings(settings_.values, current_->values, now));
  if (!write) return finish_write(now);
  current_->write = *write;
}

void CommandDesk::on_polled(Time now, const UnitAnswer& answer) {
  if (!current_) return;
  if (current_->is_write) return retry_write(now);
  if (!answer.accepted()) return on_failure(now, answer);
  finish_read(now);
  start_next(now);
}

/// The write waits still, or failed and is worth another try.
void CommandDesk::retry_write(Time now) {
  perform(now);
  start_next(now);
}

void CommandDesk::on_written(Time now, std::uint64_t number, const UnitAnswer& answer) {
  if (!current_ || !current_->is_write || current_->write != number) return;
  if (!answer.accepted()) return on_failure(now, answer);
  finish_write(now);
  start_next(now);
}

/// Silence and "busy" are worth another try for a while; everything else is an answer.
void CommandDesk::on_failure(Time now, const UnitAnswer& answer) {
  current_->last = answer;
  const bool passing = !answer.answered || answer.exception == kBusy;
  if (!passing || now >= current_->give_up) give_up(now);
}

void CommandDesk::give_up(Time now) {
  const Exchange exchange = std::move(*current_);
  current_.reset();
  if (exchange.last.answered) {
    refuse(now, exchange.id, fmt::format("unit_refused: {}, Modbus exception {}", unit_, exchange.last.exception));
  } else {
    finish(now, exchange.id, telemetry::CommandResult::TIMED_OUT, fmt::format("unit_silent: {}", unit_));
  }
  start_next(now);
}

void CommandDesk::finish_read(Time now) {
  const telemetry::CommandResult result = done_with(current_->id, settings_.values, settings_.revision);
  current_.reset();
  log_.add(result);
  acts_.report(now, result);
}

void CommandDesk::finish_write(Time now) {
  const Exchange exchange = std::move(*current_);
  current_.reset();
  // A setting may have changed at the unit meanwhile: the command changes what it names.
  const EnergySettings wanted = *with_settings(settings_.values, exchange.values, now);
  const std::uint64_t revision = settings_.revision + (wanted == settings_.values ? 0 : 1);
  const telemetry::CommandResult result = done_with(exchange.id, wanted, revision);
  log_.add(result);
  if (acts_.keep(now, wanted, exchange.id)) return acts_.report(now, result);
  log_.take_back();
  refuse(now, exchange.id, "storage: the gateway cannot store its settings");
}

telemetry::CommandResult CommandDesk::done_with(std::uint64_t id, const EnergySettings& values,
                                                std::uint64_t revision) const {
  telemetry::CommandResult result;
  result.set_correlation_id(id);
  result.set_status(telemetry::CommandResult::DONE);
  result.set_settings_revision(revision);
  std::vector<NamedSetting> told = list_settings(values);
  for (NamedSetting& candidates : acts_.candidates()) told.push_back(std::move(candidates));
  for (const auto& [name, value] : told) {
    telemetry::Setting& setting = *result.add_values();
    setting.set_name(name);
    setting.set_value(value);
  }
  return result;
}

void CommandDesk::refuse(Time now, std::uint64_t id, std::string_view reason) {
  finish(now, id, telemetry::CommandResult::REFUSED, reason);
}

void CommandDesk::finish(Time now, std::uint64_t id, telemetry::CommandResult::Status status, std::string_view reason) {
  telemetry::CommandResult result;
  result.set_correlation_id(id);
  result.set_status(status);
  result.set_reason(bounded(reason));
  result.set_settings_revision(settings_.revision);
  log_.add(result);
  acts_.report(now, result);
}

std::optional<Time> CommandDesk::next_wake() const {
  if (!current_) return std::nullopt;
  return current_->give_up;
}

void CommandDesk::wake(Time now) {
  if (current_ && now >= current_->give_up) give_up(now);
}

}  // namespace v2x::gateway
