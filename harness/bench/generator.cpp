#include "harness/bench/generator.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/random.hpp"

namespace v2x::bench {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kReplyTimeout{30'000};  // as the built-in gateway's
// A gateway greets when its connection is up; a Hello of ours is queued before. A second one would stand behind it.
constexpr milliseconds kWelcomeTimeout{120'000};
constexpr milliseconds kSilenceLook{1'000};
constexpr milliseconds kAfterRefusal{1'000};      // a frame that was refused is tried again, not hammered
constexpr int kFramesAtOnce = 512;                // before what falls due is looked at again
constexpr std::size_t kStreamBytes = 16;          // telemetry.proto, Hello
constexpr std::size_t kMostBatchBytes = 200'000;  // as the built-in gateway's: below the contract's 256 KiB

std::string stream_id_of(std::uint64_t seed, const std::string& gateway_id) {
  std::string id;
  for (std::uint64_t word = 0; id.size() < kStreamBytes; ++word) {
    const std::uint64_t bits = random_bits({seed, gateway_id, "stream"}, word);
    for (int shift = 0; shift < 64; shift += 8) id.push_back(static_cast<char>(bits >> shift));
  }
  return id;
}

std::string to_hex(const std::string& bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

Duration between(SteadyTime from, SteadyTime to) {
  return std::chrono::duration_cast<Duration>(to - from);
}

}  // namespace

std::vector<FleetGateway> make_fleet(std::uint32_t count) {
  std::vector<FleetGateway> fleet;
  for (std::uint32_t number = 1; number <= count; ++number)
    fleet.push_back({fmt::format("FLEET{:07}", number), make_curve_key_pair()});
  return fleet;
}

Generator::Generator(const MessagingContext& context, TelemetryTarget target, LoadPlan plan, const FleetFile& file,
                     const std::vector<FleetGateway>& fleet)
    : context_(context),
      target_(std::move(target)),
      plan_(plan),
      arrivals_(plan),
      file_(file),
      fleet_(fleet),
      gateways_(plan.gateways) {
  for (std::uint32_t i = 0; i < plan.gateways; ++i) gateways_[i].stream_id = stream_id_of(plan.seed, fleet[i].id);
}

void Generator::connect() {
  peers_.reset();  // with what waits in its queues: the first frame of a connection is the Hello
  peers_ = std::make_unique<CurvePeers>(context_, target_.endpoint, target_.server_public_key);
  welcomed_ = waiting_ = 0;
  pauses_ = {};
  for (std::uint32_t i = 0; i < gateways_.size(); ++i) {
    peers_->connect(fleet_[i].keys);
    greet(i, steady_now());
  }
}

void Generator::greet(std::uint32_t index, SteadyTime now) {
  Gateway& gateway = gateways_[index];
  gateway.state = State::greeting;
  gateway.since = now;
  gateway.sent = gateway.acked;
  const auto clock = std::chrono::floor<milliseconds>(began_service_).time_since_epoch().count();
  peers_->send(index, hello_frame(gateway.stream_id, fleet_[index].id, gateway.due, clock));
}

bool Generator::wait_for_welcomes(milliseconds patience) {
  const SteadyTime end = steady_now() + patience;
  while (welcomed_ < gateways_.size() && steady_now() < end) step(end);
  return welcomed_ == gateways_.size();
}

void Generator::begin(Time service_time) {
  began_ = steady_now();
  began_service_ = service_time;
  counts_ = {};
  interval_ = {};
  if (!plan_.saturates()) return;
  for (std::uint32_t i = 0; i < gateways_.size(); ++i) send(i, *began_);
}

void Generator::run_until(SteadyTime end) {
  while (steady_now() < end) step(end);
}

bool Generator::drain(milliseconds patience) {
  draining_ = true;
  const SteadyTime end = steady_now() + patience;
  while (waiting_ > 0 && steady_now() < end) step(end);
  return waiting_ == 0;
}

LatencyHistogram Generator::take_interval() {
  return std::exchange(interval_, LatencyHistogram());
}

std::vector<GatewayBook> Generator::books() const {
  std::vector<GatewayBook> books;
  for (std::size_t i = 0; i < gateways_.size(); ++i)
    books.push_back({fleet_[i].id, to_hex(gateways_[i].stream_id), gateways_[i].told});
  return books;
}

void Generator::step(SteadyTime end) {
  const SteadyTime now = steady_now();
  take_frames(now);
  if (loading()) take_arrivals(now);
  end_pauses(now);
  if (now - looked_for_silence_ > kSilenceLook) look_for_silence(now);
  const SteadyTime next = next_due(end);
  const auto wait = std::chrono::floor<milliseconds>(next - steady_now());
  if (wait.count() >= 0) peers_->wait(std::max(wait, milliseconds(1)));
}

SteadyTime Generator::next_due(SteadyTime end) const {
  SteadyTime next = std::min(end, steady_now() + kSilenceLook);
  if (loading() && !plan_.saturates()) next = std::min(next, *began_ + arrivals_.arrival(next_arrival_).at);
  if (!pauses_.empty()) next = std::min(next, pauses_.top().until);
  return next;
}

void Generator::take_frames(SteadyTime now) {
  for (int taken = 0; taken < kFramesAtOnce; ++taken) {
    const auto frame = peers_->take();
    if (!frame) return;
    if (frame->peer < gateways_.size()) on_frame(frame->peer, frame->data, now);
  }
}

void Generator::on_frame(std::uint32_t index, std::string_view data, SteadyTime now) {
  if (!down_.ParseFromArray(data.data(), static_cast<int>(data.size()))) return;
  if (down_.has_ack()) return on_ack(index, down_.ack().seq(), now);
  if (down_.has_welcome()) {
    if (gateways_[index].state == State::greeting) ++welcomed_;
    return on_mark(index, down_.welcome().mark(), now);
  }
  if (down_.has_busy()) {
    ++counts_.busy;
    return pause(index, milliseconds(down_.busy().retry_after_ms()), now);
  }
  if (down_.has_gap()) {
    ++counts_.gaps;
    return on_mark(index, down_.gap().expected_seq() - 1, now);
  }
  if (!down_.has_refused()) return;
  ++counts_.refused;
  if (!down_.refused().has_seq()) pause(index, kAfterRefusal, now);
}

/// The service says where the stream stands: what follows is sent from there.
void Generator::on_mark(std::uint32_t index, std::uint64_t mark, SteadyTime now) {
  Gateway& gateway = gateways_[index];
  if (mark < gateway.told) counts_.lost += gateway.told - mark;
  if (mark > gateway.acked && mark <= gateway.due) settle(index, mark, now);  // committed, the answer went astray
  if (gateway.state == State::waiting || gateway.state == State::paused) --waiting_;
  gateway.acked = gateway.sent = mark;
  gateway.told = mark;
  gateway.state = State::idle;
  if (loading()) send(index, now);
}

void Generator::on_ack(std::uint32_t index, std::uint64_t seq, SteadyTime now) {
  Gateway& gateway = gateways_[index];
  if (seq <= gateway.acked || seq > gateway.sent) return;
  settle(index, seq, now);
  gateway.acked = gateway.told = seq;
  if (gateway.acked < gateway.sent || gateway.state != State::waiting) return;
  gateway.state = State::idle;
  --waiting_;
  if (loading()) send(index, now);
}

/// Records up to `seq` are the service's now.
void Generator::settle(std::uint32_t index, std::uint64_t seq, SteadyTime now) {
  const Gateway& gateway = gateways_[index];
  counts_.acknowledged += seq - gateway.acked;
  if (began_ && plan_.saturates()) {
    const Duration latency = between(gateway.since, now);
    counts_.ack.record(latency, seq - gateway.acked);
    interval_.record(latency, seq - gateway.acked);
  } else if (began_) {
    for (std::uint64_t record = gateway.acked + 1; record <= seq; ++record) {
      const Duration latency = between(*began_ + arrivals_.due(index, record), now);
      counts_.ack.record(latency);
      interval_.record(latency);
    }
  }
}

void Generator::pause(std::uint32_t index, milliseconds length, SteadyTime now) {
  Gateway& gateway = gateways_[index];
  if (gateway.state == State::idle) ++waiting_;
  gateway.state = gateway.state == State::greeting ? State::greeting : State::paused;
  gateway.since = now;
  pauses_.push({now + length, index});
}

void Generator::end_pauses(SteadyTime now) {
  while (!pauses_.empty() && pauses_.top().until <= now) {
    const std::uint32_t index = pauses_.top().gateway;
    pauses_.pop();
    Gateway& gateway = gateways_[index];
    if (gateway.state == State::greeting) greet(index, now);
    if (gateway.state != State::paused) continue;
    gateway.state = State::idle;
    gateway.sent = gateway.acked;
    --waiting_;
    send(index, now);
  }
}

void Generator::take_arrivals(SteadyTime now) {
  if (plan_.saturates()) return;
  for (;;) {
    const Arrivals::Arrival arrival = arrivals_.arrival(next_arrival_);
    const SteadyTime at = *began_ + arrival.at;
    if (at > now) return;
    ++next_arrival_;
    counts_.offered += static_cast<std::uint64_t>(arrivals_.records());
    counts_.lag.record(between(at, now));
    Gateway& gateway = gateways_[arrival.gateway];
    gateway.due += static_cast<std::uint64_t>(arrivals_.records());
    if (gateway.state == State::idle) send(arrival.gateway, now);
  }
}

void Generator::look_for_silence(SteadyTime now) {
  looked_for_silence_ = now;
  for (std::uint32_t i = 0; i < gateways_.size(); ++i) {
    Gateway& gateway = gateways_[i];
    const bool expects = gateway.state == State::greeting || gateway.state == State::waiting;
    const milliseconds patience = gateway.state == State::greeting ? kWelcomeTimeout : kReplyTimeout;
    if (!expects || now - gateway.since < patience) continue;
    ++counts_.timeouts;
    if (gateway.state == State::greeting)
      greet(i, now);
    else
      pause(i, milliseconds(0), now);
  }
}

void Generator::send(std::uint32_t index, SteadyTime now) {
  Gateway& gateway = gateways_[index];
  const auto most = static_cast<std::uint64_t>(plan_.records_per_batch());
  if (plan_.saturates() && loading()) gateway.due = std::max(gateway.due, gateway.sent + most);
  if (gateway.sent >= gateway.due) return;
  const std::uint64_t last = std::min(gateway.due, gateway.sent + most);
  const std::size_t house = index % file_.houses();
  frame_.begin(gateway.stream_id, gateway.sent + 1);
  std::uint64_t seq = gateway.sent;
  for (std::size_t bytes = 0; seq < last && bytes < kMostBatchBytes; ++seq) {
    const Stamp stamp = stamp_of(plan_, arrivals_, began_service_, index, seq + 1);
    // Gateways that share a house are an hour apart in it.
    const std::string& body = file_.body(house, seq + 60 * (index / file_.houses()));
    frame_.add(seq + 1, stamp.start_ms, stamp.length_ms, body);
    bytes += body.size();
  }
  if (!peers_->send(index, frame_.end())) return pause(index, milliseconds(10), now);
  counts_.sent += seq - gateway.sent;
  if (plan_.saturates()) counts_.offered = counts_.sent;
  gateway.sent = seq;
  gateway.state = State::waiting;
  gateway.since = now;
  ++waiting_;
}

}  // namespace v2x::bench
