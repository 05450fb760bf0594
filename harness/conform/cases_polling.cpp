// Cases: how the gateway asks its units, and what it makes of refusals and silence.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "common/units.hpp"
#include "harness/conform/cases.hpp"

namespace v2x::conform {
namespace {

using std::chrono::milliseconds;

constexpr Duration kPause = std::chrono::milliseconds(300);  // requests further apart belong to another poll
constexpr int kMostRegisters = 125;                          // Modbus Application Protocol V1.1b3 §6.3
constexpr Duration kHiccup = std::chrono::seconds(1);        // default: what a busy machine may cost
constexpr size_t kPolls = 4;                                 // seen of each unit before its pace is judged
constexpr milliseconds kSlowestPace{60'000};                 // default: a unit is asked at least once a minute

/// When each poll of a unit began.
std::vector<Time> polls_of(const std::vector<SeenRequest>& requests) {
  std::vector<Time> begins;
  std::optional<Time> last;
  for (const SeenRequest& request : requests) {
    if (!last || request.at - *last > kPause) begins.push_back(request.at);
    last = request.at;
  }
  return begins;
}

Duration longest(const std::vector<Time>& begins) {
  Duration most{};
  for (size_t i = 1; i < begins.size(); ++i) most = std::max(most, begins[i] - begins[i - 1]);
  return most;
}

Duration usual(const std::vector<Time>& begins) {
  std::vector<Duration> gaps;
  for (size_t i = 1; i < begins.size(); ++i) gaps.push_back(begins[i] - begins[i - 1]);
  std::sort(gaps.begin(), gaps.end());
  return gaps.empty() ? Duration{} : gaps[gaps.size() / 2];
}

struct Pace {
  std::vector<SeenRequest> requests;
  std::vector<Time> polls;
};

/// What every unit was asked from now on, until each was polled often enough; a Finding when one was not in a minute.
std::map<std::string, Pace> watch_polls(Bench& bench) {
  for (const UnitInfo& unit : bench.units().all()) bench.units().requests(unit);
  std::map<std::string, Pace> paces;
  const SteadyTime until = steady_now() + kSlowestPace;
  for (size_t fewest = 0; fewest < kPolls && steady_now() < until;) {
    bench.watch(milliseconds(500));
    fewest = kPolls;
    for (const UnitInfo& unit : bench.units().all()) {
      Pace& pace = paces[unit.name];
      for (const SeenRequest& request : bench.units().requests(unit)) pace.requests.push_back(request);
      pace.polls = polls_of(pace.requests);
      fewest = std::min(fewest, pace.polls.size());
    }
  }
  for (const auto& [name, pace] : paces)
    bench.demand(pace.polls.size() >= kPolls, fmt::format("{} to be polled {} times in a minute", name, kPolls),
                 fmt::format("it was polled {} times", pace.polls.size()));
  return paces;
}

std::string units_are_polled_regularly(Bench& bench) {
  std::string seen;
  for (const auto& [name, pace] : watch_polls(bench)) {
    for (const SeenRequest& request : pace.requests)
      bench.demand(request.count >= 1 && request.count <= kMostRegisters,
                   fmt::format("requests of 1 to {} registers", kMostRegisters),
                   fmt::format("{} was asked for {}", name, request.count));
    const Duration period = usual(pace.polls);
    bench.demand(longest(pace.polls) <= 2 * period + kHiccup,
                 fmt::format("{} to be polled every {}", name, format_duration(period)),
                 fmt::format("once {} passed", format_duration(longest(pace.polls))));
    seen += fmt::format("{}{} every {:.1f} s", seen.empty() ? "" : ", ", name, to_seconds(period));
  }
  return seen;
}

std::string silent_unit_is_asked_with_restraint(Bench& bench) {
  const UnitInfo& silent = bench.units().first("pv_pcs");
  const auto before = watch_polls(bench);
  const Duration span = before.at(silent.name).requests.back().at - before.at(silent.name).requests.front().at;
  const double usual_rate = static_cast<double>(before.at(silent.name).requests.size()) / to_seconds(span);
  bench.act(silent.name, "silent for 10 s");
  bench.units().bus(silent, {{"kind", "silence"}});
  for (const UnitInfo& unit : bench.units().all()) bench.units().requests(unit);
  constexpr milliseconds kSilence{10'000};
  bench.watch(std::max(kSilence, std::chrono::ceil<milliseconds>(3 * usual(before.at(silent.name).polls))));
  const auto asked = bench.units().requests(silent);
  std::map<std::string, Pace> others;
  for (const UnitInfo& unit : bench.units().all())
    if (unit.name != silent.name) others[unit.name].polls = polls_of(bench.units().requests(unit));
  bench.units().end_faults();
  bench.demand(!asked.empty(), "the silent unit to be asked again", "it was not asked any more");
  const double most = 2 * usual_rate * to_seconds(std::chrono::ceil<Duration>(kSilence)) + 2;
  bench.demand(static_cast<double>(asked.size()) <= most,
               fmt::format("at most {:.0f} requests to the silent unit, twice as many as in daily life", most),
               fmt::format("{} came", asked.size()));
  for (const auto& [name, pace] : others) {
    const Duration period = usual(before.at(name).polls);
    bench.demand(pace.polls.size() > 1 && longest(pace.polls) <= 2 * period + kHiccup,
                 fmt::format("{} to be polled every {} as before", name, format_duration(period)),
                 fmt::format("once {} passed", format_duration(longest(pace.polls))));
  }
  bench.watch(milliseconds(500));
  bench.units().requests(silent);
  const auto pv = bench.unit_no(silent);
  bench.sample(bench.mark(), "values of the unit that answers again", [&](const telemetry::Sample& sample) {
    const auto* line = line_of(sample, pv);
    return line && line->has_ac_w();
  });
  return fmt::format("{} requests in the silence, other units at their usual pace, and values again after it",
                     asked.size());
}

/// What of the line claims to be a value.
std::string values_in(const telemetry::UnitSample& line) {
  std::string found;
  const auto add = [&](bool has, const char* name, double value) {
    if (has) found += fmt::format("{}{} = {}", found.empty() ? "" : ", ", name, value);
  };
  add(line.has_ac_w(), "ac_w", line.ac_w());
  add(line.has_volts_u_cv(), "volts_u_cv", line.volts_u_cv());
  add(line.has_volts_v_cv(), "volts_v_cv", line.volts_v_cv());
  add(line.has_frequency_mhz(), "frequency_mhz", line.frequency_mhz());
  add(line.has_temperature_cc(), "temperature_cc", line.temperature_cc());
  for (const telemetry::StringSample& string : line.strings()) {
    add(string.has_volts_cv(), "volts_cv", string.volts_cv());
    add(string.has_amperes_ca(), "amperes_ca", string.amperes_ca());
  }
  return found;
}

/// From the fourth period of the fault on no sample has a value of the unit, and one says why. Returns that one.
telemetry::Sample demand_absence(Bench& bench, const UnitInfo& unit, const std::string& does,
                                 const std::vector<telemetry::Quality>& reasons) {
  const std::uint32_t unit_no = bench.unit_no(unit);
  bench.watch(milliseconds(4 * bench.service().manner.period_ms));
  return bench.sample(bench.mark(), fmt::format("a sample that says why {} has no values", unit.name),
                      [&](const telemetry::Sample& sample) {
                        const auto* line = line_of(sample, unit_no);
                        const std::string values = line ? values_in(*line) : "";
                        bench.demand(values.empty(), fmt::format("no values of {}, which {}", unit.name, does),
                                     fmt::format("the sample has {}", values));
                        return line && std::find(reasons.begin(), reasons.end(), line->quality()) != reasons.end();
                      });
}

std::string exception_is_never_zero(Bench& bench) {
  const UnitInfo& unit = bench.units().first("pv_pcs");
  constexpr int kRefused = 4;  // Modbus exception: server device failure
  bench.act(unit.name, "answers every request with exception 4");
  bench.units().bus(unit, {{"kind", "exception"}, {"code", kRefused}});
  const telemetry::Sample sample =
      demand_absence(bench, unit, "answers with exceptions only", {telemetry::QUALITY_EXCEPTION});
  bench.demand(!sample.has_pv_w(), "no pv_w while one of its units refuses", fmt::format("it is {}", sample.pv_w()));
  return "a unit that refuses has no values, and neither has the sum that it belongs to";
}

std::string silence_is_absence(Bench& bench) {
  const UnitInfo& meter = bench.units().first("meter");
  bench.act(meter.name, "silent");
  bench.units().bus(meter, {{"kind", "silence"}});
  const telemetry::Sample sample = demand_absence(bench, meter, "is silent", {telemetry::QUALITY_NO_ANSWER});
  bench.demand(
      !sample.has_buy_w() && !sample.has_sell_w() && !sample.has_load_w(),
      "neither buy_w nor sell_w nor load_w without the meter",
      fmt::format("buy_w {}, sell_w {}, load_w {}", sample.has_buy_w(), sample.has_sell_w(), sample.has_load_w()));
  bench.demand(sample.has_pv_w(), "pv_w, whose units answer", "it is absent");
  return "without the meter buy_w, sell_w and load_w are absent, pv_w is there";
}

using Powers = std::map<std::string, double>;  // W, by the unit's name

/// Watches until no PV unit's power has changed for as long as a sample may look back: only then are a mean and an
/// instant the same thing, which they are not in the 30 s of a soft start. 0 W would be told by a gateway that knows
/// nothing, too.
Powers wait_for_steady_power(Bench& bench) {
  constexpr double kRunning_w = 100;
  constexpr double kSteady = 0.01;             // of the power: what a clear sky may do
  constexpr milliseconds kLookBack{12'000};    // the slowest poll that a case can use, and a period
  constexpr milliseconds kSlowStart{120'000};  // default: waking up, start check, soft start, and a cloud
  const SteadyTime until = steady_now() + kSlowStart;
  Powers powers;
  for (SteadyTime since = steady_now(); steady_now() - since < kLookBack; bench.watch(milliseconds(500))) {
    if (steady_now() > until)
      throw Finding{run::Outcome::error, "the PV units' power did not hold still, expected a world with a steady sun"};
    for (const UnitInfo& unit : bench.units().all()) {
      if (unit.kind != "pv_pcs") continue;
      const double is_w = bench.units().read(unit.name + ".ac.power");
      double& steady_w = powers[unit.name];
      if (is_w >= kRunning_w && std::abs(is_w - steady_w) <= kSteady * is_w) continue;
      steady_w = is_w;
      since = steady_now();
    }
  }
  return powers;
}

std::string samples_show_what_units_measure(Bench& bench) {
  constexpr double kShare = 0.02;  // default: of the power, twice what it may have changed
  constexpr double kLeast_w = 50;
  std::string seen;
  for (const auto& [name, is_w] : wait_for_steady_power(bench)) {
    const auto& units = bench.units().all();
    const auto unit = std::find_if(units.begin(), units.end(), [&](const auto& u) { return u.name == name; });
    const std::uint32_t unit_no = bench.unit_no(*unit);
    const telemetry::Sample sample = bench.sample(bench.mark(), "values of " + name, [&](const auto& s) {
      const auto* line = line_of(s, unit_no);
      return line && line->has_ac_w() && line->quality() == telemetry::QUALITY_GOOD;
    });
    const double told_w = line_of(sample, unit_no)->ac_w();
    bench.demand(std::abs(told_w - is_w) <= std::max(kLeast_w, is_w * kShare),
                 fmt::format("ac_w of {} near {:.0f} W", name, is_w), fmt::format("it is {:.0f} W", told_w));
    seen += fmt::format("{}{}: {:.0f} W of {:.0f} W", seen.empty() ? "" : ", ", name, told_w, is_w);
  }
  return seen;
}

}  // namespace

std::vector<Case> polling_cases() {
  return {
      {"units_are_polled_regularly",
       "Every unit is polled at an even pace, at least once a minute, in reads that Modbus allows.",
       {},
       {},
       units_are_polled_regularly},
      {"silent_unit_is_asked_with_restraint",
       "A silent unit is asked again without haste, and the others don't notice.",
       {},
       {},
       silent_unit_is_asked_with_restraint},
      {"samples_show_what_units_measure",
       "The sample's power of a unit is the unit's power.",
       {},
       {},
       samples_show_what_units_measure},
      {"exception_is_never_zero",
       "What a unit refuses is absent: never 0, never the last value.",
       {},
       {},
       exception_is_never_zero},
      {"silence_is_absence",
       "What a silent unit would have told is absent, and sums that need it are, too.",
       {},
       {},
       silence_is_absence},
  };
}

}  // namespace v2x::conform
