// Cases: Hello, Welcome, and what they agree on.
#include <fmt/format.h>

#include <cstdlib>
#include <set>

#include "harness/conform/cases.hpp"

namespace v2x::conform {
namespace {

using std::chrono::milliseconds;

constexpr size_t kLongName = 32;      // telemetry.proto, Hello and Unit
constexpr size_t kLongFirmware = 16;  // telemetry.proto
constexpr int kMostUnits = 32;        // telemetry.proto, Hello
constexpr std::int64_t kClock_ms = 60'000;

void demand_text(Bench& bench, const std::string& name, const std::string& text, size_t most) {
  bench.demand(!text.empty() && text.size() <= most, fmt::format("a {} of 1 to {} bytes", name, most),
               fmt::format("it is '{}'", text));
}

std::string hello_is_well_formed(Bench& bench) {
  const std::uint64_t mark = bench.service().book().mark;
  const std::string stream = bench.service().stream();
  const telemetry::Hello hello = bench.reconnect("after the line was lost");
  bench.demand(hello.protocol() == 1, "protocol 1", fmt::format("it is {}", hello.protocol()));
  demand_text(bench, "model", hello.model(), kLongName);
  demand_text(bench, "serial", hello.serial(), kLongName);
  demand_text(bench, "firmware version", hello.firmware(), kLongFirmware);
  bench.demand(hello.stream_id() == stream, "the stream id of before", "it is another one");
  bench.demand(hello.last_seq() >= mark, fmt::format("a last_seq of at least {}", mark),
               fmt::format("it is {}", hello.last_seq()));
  bench.demand(hello.first_seq() == 0 || (hello.first_seq() > mark && hello.first_seq() <= hello.last_seq()),
               fmt::format("a first_seq of 0 or beyond the mark {}", mark),
               fmt::format("it is {} of {}", hello.first_seq(), hello.last_seq()));
  bench.demand(hello.boot_reason() == telemetry::BOOT_REASON_RECONNECT, "the boot reason RECONNECT",
               fmt::format("it is {}", telemetry::BootReason_Name(hello.boot_reason())));
  const std::int64_t off_ms = std::abs(hello.clock_ms() - to_ms(bench.now()));
  bench.demand(off_ms <= kClock_ms, "a clock that is right within a minute", fmt::format("it is {} ms off", off_ms));
  return fmt::format("{} {} with firmware {} said Hello with numbers up to {}", hello.model(), hello.serial(),
                     hello.firmware(), hello.last_seq());
}

std::string hello_is_repeated(Bench& bench) {
  bench.service().manner.welcomes = false;
  bench.reconnect("that nobody welcomes");
  const size_t from = bench.mark();
  bench.hello(from, "again, since no Welcome came");
  const auto& arrivals = bench.service().arrivals();
  for (size_t i = from; i < arrivals.size(); ++i)
    bench.demand(!arrivals[i].up.has_batch(), "no batch before the Welcome", "one came");
  return "without a Welcome it said Hello again, and no batch came";
}

std::string units_are_listed(Bench& bench) {
  const telemetry::Hello hello = bench.reconnect("with the unit list");
  bench.demand(hello.units_size() <= kMostUnits, "at most 32 units", fmt::format("{} came", hello.units_size()));
  std::set<std::uint32_t> numbers;
  for (const UnitInfo& unit : bench.units().all()) {
    const telemetry::Unit* found = nullptr;
    for (const telemetry::Unit& told : hello.units())
      if (told.serial() == unit.serial) found = &told;
    bench.demand(found != nullptr, fmt::format("{} ({}) in the list", unit.name, unit.serial), "it is not there");
    bench.demand(found->model() == unit.model, fmt::format("the model {} of {}", unit.model, unit.name),
                 fmt::format("it is '{}'", found->model()));
    const auto kind = unit.kind == "meter"    ? telemetry::UNIT_KIND_METER
                      : unit.kind == "ev_pcs" ? telemetry::UNIT_KIND_EV_PCS
                                              : telemetry::UNIT_KIND_PV_PCS;
    bench.demand(found->kind() == kind, fmt::format("{} for {}", telemetry::UnitKind_Name(kind), unit.name),
                 fmt::format("it is {}", telemetry::UnitKind_Name(found->kind())));
    bench.demand(found->unit_no() > 0 && numbers.insert(found->unit_no()).second,
                 fmt::format("a number of its own for {}", unit.name), fmt::format("it is {}", found->unit_no()));
  }
  return fmt::format("all {} units, each with model, serial, kind and a number of its own", numbers.size());
}

/// Samples after `from`: of this length, one after the other without a gap.
std::string demand_periods(Bench& bench, std::uint32_t length_ms, int count, milliseconds offset) {
  const size_t from = bench.mark();
  std::int64_t end_ms = 0;
  const auto& service = bench.service();
  for (int i = 0; i < count; ++i) {
    const telemetry::Sample sample =
        bench.sample(from, fmt::format("a sample of {} ms", length_ms),
                     [&](const auto& s) { return s.length_ms() == length_ms && s.start_ms() >= end_ms; });
    bench.demand(end_ms == 0 || sample.start_ms() == end_ms, "each period to begin where the last one ended",
                 fmt::format("{} ms are between them", sample.start_ms() - end_ms));
    bench.demand(sample.start_ms() % length_ms == 0, fmt::format("periods on the grid of {} ms", length_ms),
                 fmt::format("one began {} ms beside it", sample.start_ms() % length_ms));
    end_ms = sample.start_ms() + length_ms;
    const std::int64_t after_ms = to_ms(service.arrivals().back().time) - end_ms;
    bench.demand(after_ms >= offset.count() - 50, fmt::format("it to leave {} ms after its end", offset.count()),
                 fmt::format("it came after {} ms", after_ms));
  }
  return fmt::format("{} samples of {} ms, one after the other", count, length_ms);
}

std::string report_period_is_honoured(Bench& bench) {
  const std::string as_before = demand_periods(bench, 2000, 4, milliseconds(0));
  bench.service().manner.period_ms = 5000;
  bench.reconnect("for another report period");
  return as_before + ", then " + demand_periods(bench, 5000, 2, milliseconds(0));
}

std::string send_offset_is_honoured(Bench& bench) {
  bench.service().manner.offset_ms = 1000;
  bench.reconnect("for a send offset");
  bench.watch(milliseconds(2500));  // what waited goes at once
  return demand_periods(bench, 2000, 3, milliseconds(1000)) + ", each 1 s after its end or later";
}

}  // namespace

std::vector<Case> greeting_cases() {
  return {
      {"hello_is_well_formed",
       "A Hello says who the gateway is, which numbers it has, and what time it takes it to be.",
       {"LAW-2"},
       {},
       hello_is_well_formed},
      {"hello_is_repeated",
       "Without a Welcome the Hello comes again, and no batch before it.",
       {},
       {},
       hello_is_repeated},
      {"units_are_listed", "The units on the bus are told by model, serial and kind.", {}, {}, units_are_listed},
      {"report_period_is_honoured",
       "Samples have the period that the Welcome asks for, on its grid and without gaps.",
       {},
       {},
       report_period_is_honoured},
      {"send_offset_is_honoured",
       "Samples leave at the offset that the Welcome gives this gateway.",
       {},
       {},
       send_offset_is_honoured},
  };
}

}  // namespace v2x::conform
