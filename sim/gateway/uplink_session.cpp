#include "sim/gateway/uplink_session.hpp"

#include <algorithm>

#include "common/log.hpp"
#include "common/planted.hpp"

namespace v2x::gateway {
namespace {

using std::chrono::milliseconds;

constexpr Duration kSendAgain = std::chrono::seconds(1);  // default: the queue was full
constexpr Duration kLongestBusy = std::chrono::hours(1);  // default: never silent for longer on demand
constexpr std::uint32_t kShortestPeriod_ms = 1'000;       // telemetry.proto, Welcome
constexpr std::uint32_t kLongestPeriod_ms = 3'600'000;    // telemetry.proto, Welcome

std::optional<Time> earlier(std::optional<Time> a, std::optional<Time> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace

UplinkSession::UplinkSession(const Settings& settings, Spool& spool, Uplink& uplink, Handlers handlers)
    : spool_(spool),
      uplink_(uplink),
      handlers_(std::move(handlers)),
      reply_timeout_(settings.reply_timeout),
      report_period_(settings.report_period) {}

void UplinkSession::connected(Time now, telemetry::BootReason reason) {
  reason_ = reason;
  not_before_.reset();
  greet(now);
}

void UplinkSession::disconnected() {
  state_ = State::offline;
  greet_again_.reset();
  in_flight_.reset();
  not_before_.reset();
}

void UplinkSession::greet(Time now) {
  state_ = State::greeting;
  in_flight_.reset();
  last_gap_.reset();
  greet_again_ = now + reply_timeout_;
  telemetry::Hello& hello = *up_.mutable_hello();
  hello.Clear();
  hello.set_protocol(kProtocol);
  hello.set_stream_id(spool_.stream_id());
  hello.set_first_seq(spool_.first_seq());
  hello.set_last_seq(spool_.next_seq() - 1);
  hello.set_boot_reason(reason_);
  handlers_.fill_hello(now, hello);
  if (!send(up_)) greet_again_ = now + kSendAgain;
}

void UplinkSession::on_frame(Time now, std::string_view frame) {
  if (state_ == State::offline) return;
  if (!down_.ParseFromArray(frame.data(), static_cast<int>(frame.size()))) {
    log::warning("uplink: a frame of {} bytes is no message", frame.size());
    return;
  }
  switch (down_.body_case()) {
    case telemetry::Down::kWelcome:
      return welcome(now, down_.welcome());
    case telemetry::Down::kAck:
      return acknowledge(now, down_.ack());
    case telemetry::Down::kGap:
      return gap(now, down_.gap());
    case telemetry::Down::kRefused:
      return refuse(down_.refused());
    case telemetry::Down::kBusy:
      return busy(now, down_.busy());
    case telemetry::Down::kCommand:
      return handlers_.on_command(now, down_.command());
    case telemetry::Down::BODY_NOT_SET:
      log::warning("uplink: an empty message");
  }
}

void UplinkSession::welcome(Time now, const telemetry::Welcome& welcome) {
  state_ = State::ready;
  greet_again_.reset();
  in_flight_.reset();
  not_before_.reset();
  const std::uint32_t period_ms = welcome.report_period_ms();
  if (period_ms >= kShortestPeriod_ms && period_ms <= kLongestPeriod_ms) report_period_ = milliseconds(period_ms);
  send_offset_ = milliseconds(std::min<std::int64_t>(welcome.send_offset_ms(), report_period_ / milliseconds(1)));
  if (welcome.time_ms() > 0) service_ahead_ = Time(milliseconds(welcome.time_ms())) - now;
  if (welcome.mark() >= spool_.next_seq())
    log::error("uplink: the service has numbers up to {}, this spool made {}: it is an older copy", welcome.mark(),
               spool_.next_seq() - 1);
  spool_.acknowledge(welcome.mark());
  if (!planted("no_resend") || welcome.mark() >= cursor_) go_back_to(welcome.mark() + 1);
  held_.reset();
  release(spool_.next_seq() - 1);  // a backlog drains at once; Busy spreads it
  send_results(now);
  send_next(now);
}

void UplinkSession::acknowledge(Time now, const telemetry::Ack& ack) {
  if (ack.stream_id() != spool_.stream_id()) return;
  if (ack.seq() >= spool_.next_seq()) {
    log::error("uplink: number {} acknowledged, {} was the last", ack.seq(), spool_.next_seq() - 1);
    return;
  }
  spool_.acknowledge(ack.seq());
  cursor_ = std::max(cursor_, ack.seq() + 1);
  last_gap_.reset();
  if (in_flight_ && ack.seq() >= in_flight_->last_seq) in_flight_.reset();
  send_next(now);
}

void UplinkSession::gap(Time now, const telemetry::Gap& gap) {
  if (gap.stream_id() != spool_.stream_id() || state_ != State::ready) return;
  const std::uint64_t expected = std::max<std::uint64_t>(1, gap.expected_seq());
  if (expected > spool_.next_seq()) {
    log::error("uplink: number {} expected, {} was the last", expected, spool_.next_seq() - 1);
    return;
  }
  spool_.acknowledge(expected - 1);
  in_flight_.reset();
  go_back_to(expected);
  // The same question again although it was just answered: ask the service less often.
  if (last_gap_ == expected) not_before_ = now + reply_timeout_;
  last_gap_ = expected;
  send_next(now);
}

/// The service's mark moves over a refused record, its Ack says so; a refused frame is sent again after the time-out.
void UplinkSession::refuse(const telemetry::Refused& refused) {
  if (refused.has_seq()) {
    ++refused_;
    log::warning("uplink: record {} was put aside: {}", refused.seq(), refused.reason());
  } else {
    log::warning("uplink: a frame was refused: {}", refused.reason());
  }
}

void UplinkSession::busy(Time now, const telemetry::Busy& busy) {
  const Time again = now + std::min<Duration>(milliseconds(busy.retry_after_ms()), kLongestBusy);
  if (state_ == State::greeting) {
    greet_again_ = again;
    return;
  }
  in_flight_.reset();
  go_back_to(spool_.acknowledged_seq() + 1);
  not_before_ = again;
}

void UplinkSession::report(Time now, const telemetry::CommandResult& result) {
  if (results_.size() == kMaxResults) results_.pop_front();  // the service asks again, and is answered from the log
  results_.push_back(result);
  send_results(now);
}

void UplinkSession::send_results(Time now) {
  results_again_.reset();
  while (state_ == State::ready && !results_.empty()) {
    *up_.mutable_command_result() = results_.front();
    if (!send(up_)) {
      results_again_ = now + kSendAgain;
      return;
    }
    results_.pop_front();
  }
}

void UplinkSession::show(const telemetry::Sample& sample) {
  if (state_ != State::ready) return;
  *up_.mutable_live()->mutable_sample() = sample;
  send(up_);
}

void UplinkSession::event_spooled(Time now) {
  release(spool_.next_seq() - 1);
  held_.reset();
  send_next(now);
}

void UplinkSession::sample_spooled(Time now, Time period_end) {
  if (held_) release(held_->seq);
  held_ = Held{period_end + send_offset_, spool_.next_seq() - 1};
  wake(now);
}

std::optional<Time> UplinkSession::next_wake() const {
  if (state_ == State::offline) return std::nullopt;
  if (state_ == State::greeting) return greet_again_;
  std::optional<Time> next;
  if (held_) next = held_->until;
  if (in_flight_) next = earlier(next, in_flight_->deadline);
  if (not_before_) next = earlier(next, not_before_);
  return earlier(next, results_again_);
}

void UplinkSession::wake(Time now) {
  if (state_ == State::greeting) {
    if (greet_again_ && now >= *greet_again_) greet(now);
    return;
  }
  if (state_ != State::ready) return;
  if (in_flight_ && now >= in_flight_->deadline) {
    // The frame or its Ack is lost, or the service was restarted and knows us no more: its mark will tell.
    reason_ = telemetry::BOOT_REASON_RECONNECT;
    return greet(now);
  }
  if (held_ && now >= held_->until) {
    release(held_->seq);
    held_.reset();
  }
  if (not_before_ && now >= *not_before_) not_before_.reset();
  if (results_again_ && now >= *results_again_) send_results(now);
  send_next(now);
}

void UplinkSession::send_next(Time now) {
  if (state_ != State::ready || in_flight_ || not_before_ || cursor_ > released_) return;
  telemetry::Batch& batch = *up_.mutable_batch();
  const std::uint64_t last_seq = fill_batch(batch);
  if (!send(up_)) {
    not_before_ = now + kSendAgain;
    return;
  }
  in_flight_ = InFlight{last_seq, now + reply_timeout_};
  cursor_ = last_seq + 1;
}

/// Records from the cursor on, or the hole that begins there. Returns the last number that it covers.
std::uint64_t UplinkSession::fill_batch(telemetry::Batch& batch) {
  batch.Clear();
  batch.set_stream_id(spool_.stream_id());
  batch.set_first_seq(cursor_);
  std::uint64_t next = cursor_;
  std::uint64_t after_hole = spool_.next_seq();
  size_t bytes_in_batch = 0;
  spool_.read(cursor_, [&](std::uint64_t seq, std::string_view bytes) {
    after_hole = seq;
    if (seq != next || seq > released_ || batch.records_size() == kMaxRecords) return false;
    bytes_in_batch += bytes.size();
    if (batch.records_size() > 0 && bytes_in_batch > kMaxBatchBytes) return false;
    batch.add_records()->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    ++next;
    return true;
  });
  if (batch.records_size() > 0) return next - 1;
  batch.mutable_dropped()->set_first_seq(cursor_);
  batch.mutable_dropped()->set_last_seq(after_hole - 1);
  return after_hole - 1;
}

void UplinkSession::go_back_to(std::uint64_t seq) {
  cursor_ = seq;
}

void UplinkSession::release(std::uint64_t seq) {
  released_ = std::max(released_, seq);
}

bool UplinkSession::send(const telemetry::Up& up) {
  up.SerializeToString(&frame_);
  return uplink_.send(frame_);
}

}  // namespace v2x::gateway
