// Cases that need the gateway's owner: restarts, power cuts, lost spools, wrong clocks, new keys.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "harness/conform/cases.hpp"

namespace v2x::conform {
namespace {

using std::chrono::milliseconds;

std::uint64_t last_of(const telemetry::Batch& batch) {
  return batch.first_seq() + std::max(1, batch.records_size()) - 1;
}

/// The gateway comes back from `what` with a batch that nobody had acknowledged: it must have it still.
std::string demand_kept(Bench& bench, Hook hook, const std::string& what) {
  bench.service().manner.answers_batches = false;
  const telemetry::Batch held = bench.batch(bench.mark());
  const std::string stream = bench.service().stream();
  const size_t from = bench.mark();
  bench.owner_does(hook);
  const telemetry::Hello hello = bench.hello(from, "after " + what);
  bench.demand(hello.stream_id() == stream, "the stream of before", "it is another one");
  bench.demand(hello.first_seq() != 0 && hello.first_seq() <= held.first_seq() && hello.last_seq() >= last_of(held),
               fmt::format("numbers {}–{} as sent, still in the spool", held.first_seq(), last_of(held)),
               fmt::format("the Hello tells {}–{}", hello.first_seq(), hello.last_seq()));
  const telemetry::Batch again = bench.batch(bench.mark(), "the batch from before " + what);
  bench.demand(again.first_seq() == held.first_seq(), fmt::format("number {} first", held.first_seq()),
               fmt::format("number {} came", again.first_seq()));
  const int common = std::min(held.records_size(), again.records_size());
  for (int i = 0; i < common; ++i)
    bench.demand(held.records(i).SerializeAsString() == again.records(i).SerializeAsString(),
                 fmt::format("number {} as sent", held.records(i).seq()), "its content changed");
  bench.service().manner.answers_batches = true;
  const int holes = bench.service().holes();
  bench.service().take(again);
  bench.wait("a boot event", bench.patience().gateway, from, [](const Arrival& arrival) {
    return event_in(arrival.up.batch(), telemetry::EVENT_KIND_BOOT) != nullptr;
  });
  bench.demand(bench.service().holes() == holes, "the numbers after it without a hole", "a batch began too late");
  return fmt::format("{}–{} were sent again as they were, then new numbers and the boot event", held.first_seq(),
                     last_of(held));
}

std::string reboot_in_mid_batch(Bench& bench) {
  return demand_kept(bench, Hook::reboot, "the reboot");
}

std::string sent_is_durable(Bench& bench) {
  return demand_kept(bench, Hook::power, "the power cut");
}

/// Numbers that the service has already are never asked for again: without a new stream all later cases would fail,
/// too.
void make_stream_anew(Bench& bench) {
  try {
    bench.owner_does(Hook::lose_spool);
  } catch (const Finding&) {  // an owner without that hook
  }
}

std::string no_number_is_given_twice(Bench& bench) {
  // With a record in the spool the numbers could be counted on from that one: the Ack of the last must have come.
  constexpr milliseconds kAck{500};  // default: a quarter of the period, so that no new record is made meanwhile
  bench.batch(bench.mark(), "a batch, whose Ack empties the spool");
  bench.watch(kAck);
  const std::string stream = bench.service().stream();
  const std::uint64_t mark = bench.service().book().mark;
  const size_t from = bench.mark();
  bench.owner_does(Hook::reboot);
  const telemetry::Hello hello = bench.hello(from, "after the reboot");
  bench.demand(hello.stream_id() == stream, "the stream of before", "it is another one");
  if (hello.last_seq() < mark) make_stream_anew(bench);
  bench.demand(hello.last_seq() >= mark, fmt::format("numbers to go on behind {}, which is acknowledged", mark),
               fmt::format("the Hello tells a last_seq of {}: its numbers begin again", hello.last_seq()));
  bench.wait(fmt::format("a number behind {}", mark), bench.patience().gateway, from,
             [&](const Arrival& arrival) { return arrival.up.has_batch() && last_of(arrival.up.batch()) > mark; });
  return fmt::format("all was acknowledged up to {}, and numbers went on with {}", mark, mark + 1);
}

std::string lost_spool_is_a_new_stream(Bench& bench) {
  const std::string before = bench.service().stream();
  const size_t from = bench.mark();
  bench.owner_does(Hook::lose_spool);
  const telemetry::Hello hello = bench.hello(from, "after the spool was lost");
  bench.demand(hello.stream_id() != before, "a new stream id", "it is the one of before");
  const telemetry::Batch batch = bench.batch(from, "the first batch of the new stream");
  bench.demand(batch.first_seq() == 1, "the new stream to begin with number 1",
               fmt::format("it begins with {}", batch.first_seq()));
  return "a new stream, which begins with number 1";
}

std::string skewed_clock_loses_nothing(Bench& bench) {
  constexpr int kSkew_s = 600;
  constexpr std::int64_t kNear_ms = 5000;
  const std::uint64_t before = bench.service().book().mark;
  const int holes = bench.service().holes();
  const auto told_of = [&](int skew_s, const std::string& why) {
    HookValues values;
    values.skew_s = skew_s;
    const size_t from = bench.mark();
    bench.owner_does(Hook::skew, values);
    bench.hello(from, why);
    return bench.sample_within(
        bench.patience().gateway, from, "a sample after that",
        [&](const telemetry::Sample& sample) { return sample.length_ms() == bench.service().manner.period_ms; });
  };
  telemetry::Sample skewed;
  try {
    skewed = told_of(kSkew_s, "with a clock that is 10 min ahead");
  } catch (const Finding&) {
    bench.owner_does(Hook::skew);  // other cases need the right time
    throw;
  }
  const std::int64_t ahead_ms = skewed.start_ms() - to_ms(bench.now());
  bench.demand(std::abs(ahead_ms) <= kNear_ms + 2 * 2000 || std::abs(ahead_ms - kSkew_s * 1000) <= kNear_ms + 2 * 2000,
               "samples in the gateway's time or in the right one", fmt::format("they are {} ms ahead", ahead_ms));
  told_of(0, "with the right clock again");
  bench.demand(bench.service().holes() == holes, "numbers strictly in order through both changes",
               "a batch began too late");
  return fmt::format("samples were {} s ahead, numbers {}–{} came in order", ahead_ms / 1000, before + 1,
                     bench.service().book().mark);
}

std::string key_rotation_loses_nothing(Bench& bench) {
  const std::uint64_t before = bench.service().book().mark;
  const std::string stream = bench.service().stream();
  const int holes = bench.service().holes();
  std::string public_key;
  HookValues values;
  values.key_file = bench.new_key(public_key);
  const size_t from = bench.mark();
  bench.owner_does(Hook::rotate_key, values);
  const auto& hello =
      bench.wait("a Hello with the new key", bench.patience().gateway, from,
                 [&](const Arrival& arrival) { return arrival.up.has_hello() && arrival.key == public_key; });
  bench.demand(hello.up.hello().stream_id() == stream, "the stream of before", "it is another one");
  bench.accept_only(public_key);
  const size_t after = bench.mark();
  bench.wait("a batch under the new key", bench.patience().gateway, after,
             [&](const Arrival& arrival) { return arrival.up.has_batch() && arrival.key == public_key; });
  bench.demand(bench.service().holes() == holes, "numbers strictly in order through the change",
               "a batch began too late");
  return fmt::format("the new key is in use, numbers {}–{} came in order", before + 1, bench.service().book().mark);
}

std::string everything_was_well_formed(Bench& bench) {
  const Service& service = bench.service();
  bench.demand(service.malformed().empty(), "every frame of this run to be well-formed",
               service.malformed().empty() ? "" : service.malformed().front());
  bench.demand(service.changed().empty(), "no number to come with two contents",
               service.changed().empty() ? "" : service.changed().front());
  return fmt::format("{} frames were well-formed, no number came with two contents", service.arrivals().size());
}

}  // namespace

std::vector<Case> owner_cases() {
  return {
      {"reboot_in_mid_batch",
       "A reboot before the Ack costs nothing: same numbers, same content, new ones behind them.",
       {"LAW-1", "LAW-2"},
       Hook::reboot,
       reboot_in_mid_batch},
      {"no_number_is_given_twice",
       "With an empty spool, too, numbers go on behind the acknowledged ones after a reboot.",
       {"LAW-2"},
       Hook::reboot,
       no_number_is_given_twice},
      {"sent_is_durable",
       "What was sent survives a power cut until it is acknowledged.",
       {"LAW-1"},
       Hook::power,
       sent_is_durable},
      {"key_rotation_loses_nothing",
       "A new key comes into use without a hole in the stream.",
       {"LAW-3"},
       Hook::rotate_key,
       key_rotation_loses_nothing},
      {"skewed_clock_loses_nothing",
       "A clock that goes wrong, and right again, loses no number.",
       {"LAW-3", "LAW-7"},
       Hook::skew,
       skewed_clock_loses_nothing},
      {"lost_spool_is_a_new_stream",
       "A lost spool is a new stream that begins with number 1.",
       {"LAW-2"},
       Hook::lose_spool,
       lost_spool_is_a_new_stream},
      {"everything_was_well_formed",
       "No frame of the whole run broke the contract.",
       {"LAW-2", "LAW-8"},
       {},
       everything_was_well_formed},
  };
}

}  // namespace v2x::conform
