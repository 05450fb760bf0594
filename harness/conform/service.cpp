#include "harness/conform/service.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace v2x::conform {
namespace {

constexpr int kMostRecords = 512;     // telemetry.proto, Batch
constexpr size_t kStreamIdSize = 16;  // telemetry.proto, Hello

std::int64_t to_ms(Time t) {
  return std::chrono::floor<std::chrono::milliseconds>(t).time_since_epoch().count();
}

}  // namespace

Service::Service(int port, CurveKeyPair keys, const Clock& clock) : port_(port), keys_(std::move(keys)), clock_(clock) {
  open();
}

Service::~Service() = default;

void Service::accept(std::set<std::string> keys) {
  const std::lock_guard lock(accepted_->mutex);
  accepted_->accepted = std::move(keys);
}

int Service::handshakes_refused() const {
  const std::lock_guard lock(accepted_->mutex);
  return accepted_->refused;
}

void Service::open() {
  if (router_) return;
  context_ = std::make_unique<MessagingContext>();
  const auto authenticate = [known = accepted_](const std::string& key) -> std::optional<std::string> {
    const std::lock_guard lock(known->mutex);
    if (known->accepted.contains(key)) return key;
    ++known->refused;
    return std::nullopt;
  };
  router_ = std::make_unique<CurveRouter>(*context_, fmt::format("tcp://127.0.0.1:{}", port_), keys_, authenticate);
}

void Service::close() {
  router_.reset();
  context_.reset();
  peer_.clear();
}

std::string Service::endpoint() const {
  return fmt::format("tcp://127.0.0.1:{}", port_);
}

void Service::serve(std::chrono::milliseconds timeout) {
  if (!router_) {
    Alarm().wait(steady_now() + timeout);
    return;
  }
  auto frame = router_->receive(timeout);
  while (frame) {
    on_frame(*frame);
    if (!router_) return;
    frame = router_->receive(std::chrono::milliseconds(0));
  }
}

void Service::on_frame(const PeerFrame& frame) {
  Arrival arrival{steady_now(), clock_.now(), frame.user_id, {}};
  if (frame.data.empty() || !arrival.up.ParseFromString(frame.data)) {
    malformed_.push_back(fmt::format("a frame of {} bytes is no message", frame.data.size()));
    return;
  }
  arrivals_.push_back(arrival);
  if (arrival.up.has_hello()) on_hello(arrival.up.hello(), frame.routing_id);
  if (!arrival.up.has_batch()) return;
  check(arrival.up.batch());
  if (manner.answers_batches) take(arrival.up.batch());
}

void Service::on_hello(const telemetry::Hello& hello, const std::string& routing_id) {
  peer_ = routing_id;
  stream_ = hello.stream_id();
  if (stream_.size() != kStreamIdSize)
    malformed_.push_back(fmt::format("a stream id of {} bytes, expected {}", stream_.size(), kStreamIdSize));
  if (!manner.welcomes) return;
  telemetry::Down down;
  telemetry::Welcome& welcome = *down.mutable_welcome();
  welcome.set_time_ms(to_ms(clock_.now()));
  welcome.set_mark(books_[stream_].mark);
  welcome.set_report_period_ms(manner.period_ms);
  welcome.set_send_offset_ms(manner.offset_ms);
  told_ = manner;
  say(down);
}

void Service::check(const telemetry::Batch& batch) {
  if (batch.records_size() > kMostRecords)
    malformed_.push_back(fmt::format("a batch of {} records, at most {}", batch.records_size(), kMostRecords));
  if ((batch.records_size() == 0) != batch.has_dropped())
    malformed_.push_back("a batch with neither or both of records and Dropped");
  std::uint64_t expected = batch.first_seq();
  if (expected == 0) malformed_.push_back("a batch that begins with number 0");
  for (const telemetry::Record& record : batch.records())
    if (record.seq() != expected++)
      malformed_.push_back(fmt::format("number {} where {} follows", record.seq(), expected - 1));
}

void Service::commit(const telemetry::Batch& batch) {
  StreamBook& book = books_[batch.stream_id()];
  for (const telemetry::Record& record : batch.records()) {
    const std::string bytes = record.SerializeAsString();
    const auto known = book.records.find(record.seq());
    if (known != book.records.end() && known->second != bytes)
      changed_.push_back(fmt::format("number {} came again with another content", record.seq()));
    if (record.seq() != book.mark + 1) continue;
    book.records[record.seq()] = bytes;
    book.mark = record.seq();
  }
  if (batch.has_dropped() && batch.dropped().first_seq() <= book.mark + 1)
    book.mark = std::max(book.mark, batch.dropped().last_seq());
}

void Service::take(const telemetry::Batch& batch) {
  const StreamBook& book = books_[batch.stream_id()];
  if (batch.first_seq() > book.mark + 1) {
    ++holes_;
    telemetry::Down down;
    down.mutable_gap()->set_stream_id(batch.stream_id());
    down.mutable_gap()->set_expected_seq(book.mark + 1);
    say(down);
    return;
  }
  commit(batch);
  acknowledge(batch.stream_id(), book.mark);
}

bool Service::acknowledge(const std::string& stream, std::uint64_t seq) {
  telemetry::Down down;
  down.mutable_ack()->set_stream_id(stream);
  down.mutable_ack()->set_seq(seq);
  return say(down);
}

bool Service::say(const telemetry::Down& down) {
  return say_bytes(down.SerializeAsString());
}

bool Service::say_bytes(const std::string& bytes) {
  return router_ && !peer_.empty() && router_->send(peer_, bytes);
}

}  // namespace v2x::conform
