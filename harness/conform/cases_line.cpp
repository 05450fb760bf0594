// Cases: the line to the service is lost and comes back.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "harness/conform/cases.hpp"

namespace v2x::conform {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kOutage{12'000};

/// The samples of the book from `seq` on follow each other in time.
void demand_unbroken_samples(Bench& bench, std::uint64_t seq) {
  std::int64_t end_ms = 0;
  for (auto entry = bench.service().book().records.lower_bound(seq); entry != bench.service().book().records.end();
       ++entry) {
    telemetry::Record record;
    record.ParseFromString(entry->second);
    if (!record.has_sample()) continue;
    bench.demand(end_ms == 0 || record.sample().start_ms() == end_ms, "a sample of every period",
                 fmt::format("{} ms are missing before number {}", record.sample().start_ms() - end_ms, entry->first));
    end_ms = record.sample().start_ms() + record.sample().length_ms();
  }
}

/// Serves until a sample of the present was committed.
void catch_up(Bench& bench) {
  const std::int64_t since_ms = to_ms(bench.now());
  bench.wait("the backlog to drain up to the present", bench.patience().gateway, bench.mark(), [&](const Arrival& a) {
    const auto& records = a.up.batch().records();
    return std::any_of(records.begin(), records.end(), [&](const telemetry::Record& record) {
      return record.has_sample() && record.sample().start_ms() + record.sample().length_ms() >= since_ms;
    });
  });
}

std::string outage_leaves_no_hole(Bench& bench) {
  const std::uint64_t before = bench.service().book().mark;
  const int holes = bench.service().holes();
  bench.act("service", "is not there for 12 s");
  bench.service().close();
  bench.watch(kOutage);
  bench.service().open();
  bench.hello(bench.mark(), "after the outage");
  catch_up(bench);
  bench.demand(bench.service().holes() == holes, "the backlog strictly in order", "a batch began too late");
  demand_unbroken_samples(bench, before + 1);
  return fmt::format("numbers {}–{} came in order, a sample of every period", before + 1, bench.service().book().mark);
}

std::string live_shows_the_present(Bench& bench) {
  constexpr std::int64_t kPresent_ms = 5000;
  constexpr std::int64_t kLive_ms = 8000;
  bench.act("service", "is not there for 12 s");
  bench.service().close();
  bench.watch(kOutage);
  bench.service().manner.answers_batches = false;
  bench.service().open();
  bench.hello(bench.mark(), "after the outage");
  const size_t from = bench.mark();
  const auto result = bench.command("live, each second for 8 s", [](telemetry::Command& command) {
    command.mutable_live()->set_period_ms(1000);
    command.mutable_live()->set_duration_ms(kLive_ms);
  });
  bench.demand(result.status() == telemetry::CommandResult::DONE, "the command live to be done",
               fmt::format("it is {}: {}", telemetry::CommandResult::Status_Name(result.status()), result.reason()));
  std::int64_t newest_ms = 0;
  constexpr int kShown = 3;
  for (int i = 0; i < kShown; ++i) {
    const auto& live =
        bench.wait("Live while the backlog is held up", bench.patience().polls, from,
                   [&](const Arrival& a) { return a.up.has_live() && a.up.live().sample().start_ms() > newest_ms; });
    newest_ms = live.up.live().sample().start_ms();
    const std::int64_t age_ms = to_ms(live.time) - newest_ms;
    bench.demand(std::abs(age_ms) <= kPresent_ms, "Live to show the present", fmt::format("it is {} ms old", age_ms));
  }
  bench.service().manner.answers_batches = true;
  catch_up(bench);
  bench.watch(milliseconds(kLive_ms));
  const size_t after = bench.mark();
  bench.watch(milliseconds(3000));
  for (size_t i = after; i < bench.mark(); ++i)
    bench.demand(!bench.service().arrivals()[i].up.has_live(), "Live to end after its 8 s", "it goes on");
  return fmt::format("{} live samples of the present came while the backlog waited, and they ended by themselves",
                     kShown);
}

std::string refused_key_is_tried_again(Bench& bench) {
  const auto keys = bench.accepted_keys();
  const std::uint64_t before = bench.service().book().mark;
  const int holes = bench.service().holes();
  bench.act("service", "does not know the gateway's key any more");
  bench.service().close();
  bench.service().accept({});
  const int refused = bench.service().handshakes_refused();
  bench.service().open();
  const SteadyTime until = steady_now() + bench.patience().gateway;
  while (bench.service().handshakes_refused() == refused && steady_now() < until) bench.watch(milliseconds(100));
  bench.demand(bench.service().handshakes_refused() > refused, "the gateway to try the line with its key",
               "no handshake came");
  bench.act("service", "knows it again");
  const size_t from = bench.mark();
  bench.service().accept(keys);
  bench.hello(from, "once its key is known again");
  catch_up(bench);
  bench.demand(bench.service().holes() == holes, "nothing to be lost meanwhile", "a batch began too late");
  demand_unbroken_samples(bench, before + 1);
  return fmt::format("it was refused {} times, tried again, and had lost nothing",
                     bench.service().handshakes_refused() - refused);
}

}  // namespace

std::vector<Case> line_cases() {
  return {
      {"outage_leaves_no_hole",
       "After an outage the backlog comes strictly in order, and no period is missing.",
       {"LAW-1", "LAW-3"},
       {},
       outage_leaves_no_hole},
      {"live_shows_the_present",
       "While a backlog waits, Live shows the present, and ends by itself.",
       {"LAW-3"},
       {},
       live_shows_the_present},
      {"refused_key_is_tried_again",
       "A gateway whose key is refused goes on working and tries again.",
       {"LAW-1"},
       {},
       refused_key_is_tried_again},
  };
}

}  // namespace v2x::conform
