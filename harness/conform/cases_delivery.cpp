// Cases: the delivery law while the line stands.
#include <fmt/format.h>

#include <algorithm>

#include "harness/conform/cases.hpp"

namespace v2x::conform {
namespace {

using std::chrono::milliseconds;

/// The next batch, unanswered. From now on batches only arrive.
telemetry::Batch hold_batch(Bench& bench) {
  bench.service().manner.answers_batches = false;
  const size_t from = bench.mark();
  return bench.batch(from);
}

std::uint64_t last_of(const telemetry::Batch& batch) {
  return batch.has_dropped() ? batch.dropped().last_seq() : batch.first_seq() + batch.records_size() - 1;
}

bool same_records(const telemetry::Batch& first, const telemetry::Batch& again) {
  const int common = std::min(first.records_size(), again.records_size());
  for (int i = 0; i < common; ++i)
    if (first.records(i).SerializeAsString() != again.records(i).SerializeAsString()) return false;
  return true;
}

/// Commits `batch` and answers as in daily life again; the gateway then goes on with the next number.
void go_on_after(Bench& bench, const telemetry::Batch& batch) {
  bench.service().manner.answers_batches = true;
  bench.service().take(batch);
}

std::string lost_batch_is_sent_again(Bench& bench) {
  const telemetry::Batch lost = hold_batch(bench);
  bench.act("service", fmt::format("does not get batch {}–{}", lost.first_seq(), last_of(lost)));
  const size_t from = bench.mark();
  const telemetry::Batch again = bench.batch(from, fmt::format("the batch from {} on again", lost.first_seq()));
  bench.demand(again.first_seq() == lost.first_seq(),
               fmt::format("number {} again, which nobody acknowledged", lost.first_seq()),
               fmt::format("number {} came", again.first_seq()));
  bench.demand(same_records(lost, again), "the same records under the same numbers", "their content changed");
  go_on_after(bench, again);
  return fmt::format("{}–{} came again, unchanged", again.first_seq(), last_of(again));
}

std::string lost_acknowledgement_costs_nothing(Bench& bench) {
  const telemetry::Batch batch = hold_batch(bench);
  bench.act("service", fmt::format("commits {}–{}, its Ack is lost", batch.first_seq(), last_of(batch)));
  bench.service().commit(batch);
  bench.service().manner.answers_batches = true;
  const int holes = bench.service().holes();
  const std::uint64_t next = last_of(batch) + 1;
  const size_t from = bench.mark();
  bench.wait(fmt::format("number {} after a lost Ack", next), bench.patience().gateway, from,
             [&](const Arrival& arrival) { return arrival.up.has_batch() && last_of(arrival.up.batch()) >= next; });
  bench.demand(bench.service().holes() == holes, "no number to be left out", "a batch began too late");
  return fmt::format("after the lost Ack it went on with {}", next);
}

std::string stale_acknowledgements_change_nothing(Bench& bench) {
  Service& service = bench.service();
  const std::uint64_t mark = service.book().mark;
  const int holes = service.holes();
  bench.act("service", "repeats old acknowledgements, and one of another stream");
  const size_t from = bench.mark();
  for (const std::uint64_t seq : {mark, mark / 2, std::uint64_t{1}, mark}) service.acknowledge(service.stream(), seq);
  service.acknowledge(std::string(service.stream().size(), '\x5a'), mark + 1000);
  bench.wait("two more batches", bench.patience().gateway, from,
             [&](const Arrival& arrival) { return arrival.up.has_batch() && last_of(arrival.up.batch()) >= mark + 2; });
  bench.demand(service.holes() == holes, "the next numbers without a hole", "a batch began too late");
  return fmt::format("numbers went on from {} to {}", mark + 1, service.book().mark);
}

std::string gap_sends_it_back(Bench& bench) {
  const telemetry::Batch batch = hold_batch(bench);
  bench.act("service", fmt::format("answers with Gap: expected {}", batch.first_seq()));
  telemetry::Down down;
  down.mutable_gap()->set_stream_id(batch.stream_id());
  down.mutable_gap()->set_expected_seq(batch.first_seq());
  const size_t from = bench.mark();
  bench.service().say(down);
  const telemetry::Batch again =
      bench.batch(from, fmt::format("the batch from {} on, asked for by Gap", batch.first_seq()));
  bench.demand(again.first_seq() == batch.first_seq(), fmt::format("number {} after the Gap", batch.first_seq()),
               fmt::format("number {} came", again.first_seq()));
  bench.demand(same_records(batch, again), "the same records under the same numbers", "their content changed");
  go_on_after(bench, again);
  return fmt::format("it went back to {}", again.first_seq());
}

std::string refused_record_is_passed(Bench& bench) {
  const telemetry::Batch batch = hold_batch(bench);
  const std::uint64_t refused = batch.first_seq();
  bench.act("service", fmt::format("puts number {} aside", refused));
  telemetry::Down down;
  down.mutable_refused()->set_stream_id(batch.stream_id());
  down.mutable_refused()->set_seq(refused);
  down.mutable_refused()->set_reason("put aside by the conformance suite");
  const size_t from = bench.mark();
  bench.service().say(down);
  go_on_after(bench, batch);
  const telemetry::Batch next = bench.batch(from, "the batch after a refused record");
  bench.demand(next.first_seq() == last_of(batch) + 1, fmt::format("number {} next", last_of(batch) + 1),
               fmt::format("number {} came", next.first_seq()));
  return fmt::format("{} was refused, it went on with {}", refused, next.first_seq());
}

std::string busy_is_respected(Bench& bench) {
  constexpr milliseconds kBusy{5000};
  constexpr milliseconds kEarly{100};
  const telemetry::Batch batch = hold_batch(bench);
  bench.act("service", "is busy for 5 s");
  telemetry::Down down;
  down.mutable_busy()->set_retry_after_ms(static_cast<std::uint32_t>(kBusy.count()));
  const SteadyTime said = steady_now();
  const size_t from = bench.mark();
  bench.service().say(down);
  const auto& again = bench.wait("a batch after the Busy", bench.patience().gateway, from,
                                 [](const Arrival& arrival) { return arrival.up.has_batch(); });
  const auto waited = std::chrono::round<milliseconds>(again.at - said);
  const telemetry::Batch resent = again.up.batch();
  bench.demand(waited >= kBusy - kEarly, "no batch within the 5 s of Busy",
               fmt::format("one came after {} ms", waited.count()));
  bench.demand(resent.first_seq() == batch.first_seq(), fmt::format("number {} after the Busy", batch.first_seq()),
               fmt::format("number {} came", resent.first_seq()));
  go_on_after(bench, resent);
  return fmt::format("it came back after {:.1f} s with number {}", static_cast<double>(waited.count()) / 1000,
                     resent.first_seq());
}

std::string noise_is_survived(Bench& bench) {
  const int holes = bench.service().holes();
  bench.act("service", "sends bytes that are no message, and an empty message");
  const size_t from = bench.mark();
  bench.service().say_bytes(std::string(100, '\xff'));
  bench.service().say(telemetry::Down());
  const std::uint64_t mark = bench.service().book().mark;
  bench.wait("two more batches", bench.patience().gateway, from,
             [&](const Arrival& arrival) { return arrival.up.has_batch() && last_of(arrival.up.batch()) >= mark + 2; });
  bench.demand(bench.service().holes() == holes, "the next numbers without a hole", "a batch began too late");
  return "it went on as if nothing had come";
}

/// The moment just after a period began, so that no sample is near.
void begin_of_period(Bench& bench) {
  const std::int64_t period = bench.service().manner.period_ms;
  bench.watch(milliseconds(period - to_ms(bench.now()) % period + 1000));
}

std::string events_leave_at_once(Bench& bench) {
  constexpr std::uint32_t kLong_ms = 20'000;
  constexpr milliseconds kAtOnce{2000};
  bench.service().manner.period_ms = kLong_ms;
  bench.reconnect("for a report period of 20 s");
  begin_of_period(bench);
  bench.act("car", "is unplugged");
  const size_t from = bench.mark();
  bench.units().vehicle("unplug");
  const telemetry::Event* event = nullptr;
  const Arrival arrival = bench.wait(
      "the event that the vehicle was unplugged", bench.patience().polls, from,
      [&](const Arrival& a) { return event_in(a.up.batch(), telemetry::EVENT_KIND_VEHICLE_UNPLUGGED) != nullptr; });
  bench.units().vehicle("plug");
  event = event_in(arrival.up.batch(), telemetry::EVENT_KIND_VEHICLE_UNPLUGGED);
  const std::int64_t took_ms = to_ms(arrival.time) - event->time_ms();
  bench.demand(took_ms <= kAtOnce.count(), "the event within 2 s, not with the next sample",
               fmt::format("it came {} ms after it happened", took_ms));
  return fmt::format("the event came {} ms after the gateway saw it, in a period of 20 s", took_ms);
}

}  // namespace

std::vector<Case> delivery_cases() {
  return {
      {"lost_batch_is_sent_again",
       "A batch that nobody acknowledges comes again: same numbers, same content.",
       {"LAW-1", "LAW-3"},
       {},
       lost_batch_is_sent_again},
      {"lost_acknowledgement_costs_nothing",
       "When only the Ack was lost, it goes on behind the service's mark.",
       {"LAW-1", "LAW-4"},
       {},
       lost_acknowledgement_costs_nothing},
      {"stale_acknowledgements_change_nothing",
       "Repeated, old and foreign acknowledgements move nothing.",
       {"LAW-1", "LAW-2"},
       {},
       stale_acknowledgements_change_nothing},
      {"gap_sends_it_back",
       "After a Gap it sends from the expected number on.",
       {"LAW-3", "LAW-4"},
       {},
       gap_sends_it_back},
      {"refused_record_is_passed",
       "A refused record does not hold up the ones behind it.",
       {"LAW-8"},
       {},
       refused_record_is_passed},
      {"busy_is_respected",
       "After a Busy it keeps silent for as long, and loses nothing.",
       {"LAW-1"},
       {},
       busy_is_respected},
      {"noise_is_survived", "What is no message changes nothing.", {}, {}, noise_is_survived},
      {"events_leave_at_once", "An event does not wait for the next sample.", {}, {}, events_leave_at_once},
  };
}

}  // namespace v2x::conform
