#include "tests/backend/app/fleet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "backend/ingest/records.hpp"
#include "backend/service/ports/inventory.hpp"
#include "common/clock_options.hpp"
#include "common/random.hpp"
#include "contracts/telemetry.pb.h"

namespace v2x::test {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kSilence{1500};  // without an answer: somebody else is asked
constexpr milliseconds kTurn{20};
constexpr std::uint64_t kMostRecords = 64;  // in a batch
constexpr std::uint64_t kEventEvery = 16;   // this one and its multiples are events
constexpr Duration kPeriod = std::chrono::seconds(1);

bool is_event(std::uint64_t seq) {
  return seq % kEventEvery == 0;
}

void fill(telemetry::Record& record, std::uint64_t seq, Time base) {
  record.set_seq(seq);
  const Time end = base + kPeriod * static_cast<Duration::rep>(seq);
  if (is_event(seq)) {
    const bool raised = (seq / kEventEvery) % 2 == 1;
    record.mutable_event()->set_time_ms(ingest::ms_of(end));
    record.mutable_event()->set_kind(raised ? telemetry::EVENT_KIND_FAULT_RAISED : telemetry::EVENT_KIND_FAULT_CLEARED);
    record.mutable_event()->set_unit_no(1);
    record.mutable_event()->set_code("E1-1");
    return;
  }
  auto& sample = *record.mutable_sample();
  sample.set_start_ms(ingest::ms_of(end - kPeriod));
  sample.set_length_ms(1000);
  sample.set_pv_w(700);
  sample.set_load_w(400);
  sample.set_sell_w(300);
  sample.set_pv_wh(seq);
  sample.add_units()->set_unit_no(1);
}

}  // namespace

struct Fleet::Gateway {
  std::string id;
  std::string stream_id;
  CurveKeyPair keys;
  size_t endpoint = 0;
  std::unique_ptr<CurveDealer> line;
  bool welcome = false;
  std::uint64_t acknowledged = 0, sent = 0;  ///< numbers up to these
  std::uint64_t batches = 0;
  SteadyTime sent_at{}, served_at{};     ///< served: what was sent then is acknowledged
  std::optional<SteadyTime> retry_at{};  ///< after Busy
};

Fleet::Fleet(int gateways, std::uint64_t seed)
    : seed_(seed), base_(ClockOptions{}.realtime().now() - std::chrono::hours(24 * 20)) {
  for (int i = 0; i < gateways; ++i) {
    auto gateway = std::make_unique<Gateway>();
    gateway->id = fmt::format("FLEET{:07}", i);
    gateway->stream_id = fmt::format("{:016}", i);
    gateway->keys = make_curve_key_pair();
    gateway->endpoint = static_cast<size_t>(i);
    gateways_.push_back(std::move(gateway));
  }
}

Fleet::~Fleet() = default;

void Fleet::import(service::Registry& registry) const {
  registry.transact([&](service::Transaction& tx) {
    for (const auto& gateway : gateways_)
      (void)tx.inventory().import({gateway->id, "no password", gateway->keys.public_key});
  });
}

void Fleet::send_to(std::vector<std::string> endpoints, std::string server_public_key) {
  endpoints_ = std::move(endpoints);
  server_public_key_ = std::move(server_public_key);
  for (auto& gateway : gateways_) connect(*gateway);
}

void Fleet::connect(Gateway& gateway) {
  gateway.line.reset();
  gateway.line = std::make_unique<CurveDealer>(
      context_,
      CurveDealer::Options{endpoints_[gateway.endpoint % endpoints_.size()], server_public_key_, gateway.keys});
  telemetry::Up up;
  up.mutable_hello()->set_protocol(1);
  up.mutable_hello()->set_stream_id(gateway.stream_id);
  gateway.line->send(up.SerializeAsString());
  gateway.welcome = false;
  gateway.retry_at.reset();
  gateway.sent_at = steady_now();
}

void Fleet::send_next(Gateway& gateway) {
  const RandomStream sizes{.seed = seed_, .owner = gateway.id, .purpose = "batch"};
  const auto count =
      1 + static_cast<std::uint64_t>(random_uniform(sizes, gateway.batches++) * static_cast<double>(kMostRecords));
  telemetry::Up up;
  auto& batch = *up.mutable_batch();
  batch.set_stream_id(gateway.stream_id);
  batch.set_first_seq(gateway.acknowledged + 1);
  gateway.sent = gateway.acknowledged + count;
  for (auto seq = gateway.acknowledged + 1; seq <= gateway.sent; ++seq) fill(*batch.add_records(), seq, base_);
  gateway.line->send(up.SerializeAsString());
  gateway.retry_at.reset();
  gateway.sent_at = steady_now();
}

void Fleet::take(Gateway& gateway, const std::string& answer) {
  telemetry::Down down;
  if (!down.ParseFromString(answer)) return findings_.push_back(gateway.id + ": an answer is no message");
  if (down.has_welcome() || down.has_gap()) {
    const std::uint64_t mark = down.has_welcome() ? down.welcome().mark() : down.gap().expected_seq() - 1;
    if (mark < gateway.acknowledged)
      findings_.push_back(
          fmt::format("{}: the service says {}, but {} was acknowledged", gateway.id, mark, gateway.acknowledged));
    gateway.acknowledged = std::max(gateway.acknowledged, mark);
    gateway.welcome = gateway.welcome || down.has_welcome();
    if (gateway.welcome) send_next(gateway);
  } else if (down.has_ack() && down.ack().seq() >= gateway.sent && gateway.welcome) {
    gateway.acknowledged = down.ack().seq();
    gateway.served_at = gateway.sent_at;
    send_next(gateway);
  } else if (down.has_busy()) {
    gateway.retry_at = steady_now() + milliseconds(down.busy().retry_after_ms());
  } else if (down.has_refused()) {
    findings_.push_back(gateway.id + ": refused: " + down.refused().reason());
  }
}

void Fleet::turn(milliseconds timeout) {
  std::vector<CurveDealer*> lines;
  for (const auto& gateway : gateways_) lines.push_back(gateway->line.get());
  CurveDealer::wait_any(lines, timeout);
  for (auto& gateway : gateways_) {
    while (auto answer = gateway->line->receive(milliseconds(0))) take(*gateway, *answer);
    if (gateway->retry_at && gateway->welcome && steady_now() >= *gateway->retry_at) send_next(*gateway);
    if (steady_now() - gateway->sent_at < kSilence) continue;
    ++gateway->endpoint;
    connect(*gateway);
  }
}

bool Fleet::run_until(const std::function<bool()>& holds, milliseconds patience) {
  for (const SteadyTime end = steady_now() + patience; steady_now() < end;) {
    if (holds()) return true;
    turn(kTurn);
  }
  return holds();
}

void Fleet::run_for(milliseconds span) {
  run_until([] { return false; }, span);
}

std::uint64_t Fleet::acknowledged() const {
  std::uint64_t sum = 0;
  for (const auto& gateway : gateways_) sum += gateway->acknowledged;
  return sum;
}

bool Fleet::all_served_since(SteadyTime t) const {
  return std::all_of(gateways_.begin(), gateways_.end(), [&](const auto& gateway) { return gateway->served_at >= t; });
}

std::vector<std::string> Fleet::audit(service::TelemetryStore& store) const {
  std::vector<std::string> wrong = findings_;
  for (const auto& gateway : gateways_) {
    const auto ledgers = store.ledger(gateway->id);
    if (ledgers.size() != 1) {
      wrong.push_back(fmt::format("{}: {} streams, expected 1", gateway->id, ledgers.size()));
      continue;
    }
    const auto& ledger = ledgers.front();
    const std::uint64_t samples = ledger.mark - ledger.mark / kEventEvery;
    const auto seen = store.counters(gateway->id, base_, base_ + kPeriod * static_cast<Duration::rep>(ledger.mark));
    if (ledger.mark < gateway->acknowledged || ledger.missing > 0 || ledger.doubled > 0 ||
        ledger.stored != ledger.mark || seen.size() != samples)
      wrong.push_back(fmt::format(
          "{}: acknowledged {}, mark {}, stored {}, missing {}, doubled {}, a query sees {} of {} samples", gateway->id,
          gateway->acknowledged, ledger.mark, ledger.stored, ledger.missing, ledger.doubled, seen.size(), samples));
  }
  return wrong;
}

}  // namespace v2x::test
