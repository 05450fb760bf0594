#include "harness/conform/bench.hpp"

#include <fmt/format.h>

#include <fstream>

#include "common/jst.hpp"
#include "common/units.hpp"

namespace v2x::conform {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kSlice{50};          // how soon a wait notices that it is over
constexpr milliseconds kHook{120'000};      // default: what a hook may take
constexpr std::int64_t kFresh_ms = 10'000;  // a sample that ended so long ago belongs to a backlog

std::string seconds(milliseconds time) {
  return format_duration(time);
}

}  // namespace

std::int64_t to_ms(Time t) {
  return std::chrono::floor<milliseconds>(t).time_since_epoch().count();
}

const telemetry::UnitSample* line_of(const telemetry::Sample& sample, std::uint32_t unit_no) {
  for (const telemetry::UnitSample& line : sample.units())
    if (line.unit_no() == unit_no) return &line;
  return nullptr;
}

const telemetry::Event* event_in(const telemetry::Batch& batch, telemetry::EventKind kind) {
  for (const telemetry::Record& record : batch.records())
    if (record.has_event() && record.event().kind() == kind) return &record.event();
  return nullptr;
}

Bench::Bench(Service& service, Units& units, Owner& owner, const Clock& clock, Patience patience, KeyFiles keys)
    : service_(service),
      units_(units),
      owner_(owner),
      clock_(clock),
      patience_(patience),
      keys_(std::move(keys)),
      last_command_(static_cast<std::uint64_t>(to_ms(clock.now()))) {}  // a gateway may know the ids of an earlier run

void Bench::act(const std::string& who, const std::string& text) {
  if (!record_) return;
  record_->event(now(), {{"what", "act"}, {"who", who}, {"text", text}});
}

void Bench::settle() {
  service_.manner = {};
  units_.end_faults();
  service_.accept(keys_.accepted);
  service_.open();
  if (service_.manner_is_news()) reconnect("for daily life again");
  wait("a sample of the present", patience_.gateway, mark(), [&](const Arrival& arrival) {
    for (const telemetry::Record& record : arrival.up.batch().records()) {
      const telemetry::Sample& sample = record.sample();
      const std::int64_t end = sample.start_ms() + sample.length_ms();
      if (record.has_sample() && sample.length_ms() == service_.manner.period_ms && end + kFresh_ms > to_ms(now()))
        return true;
    }
    return false;
  });
}

const Arrival& Bench::wait(const std::string& what, milliseconds within, size_t from,
                           const std::function<bool(const Arrival&)>& fits) {
  const SteadyTime began = steady_now();
  const SteadyTime until = began + within;
  for (size_t next = from;;) {
    for (; next < service_.arrivals().size(); ++next)
      if (fits(service_.arrivals()[next])) {
        if (record_) record_->remember(now(), "came: " + what);
        return service_.arrivals()[next];
      }
    if (steady_now() >= until) break;
    service_.serve(kSlice);
  }
  throw Finding{run::Outcome::failed, fmt::format("expected {} within {}; {} other frames came", what, seconds(within),
                                                  service_.arrivals().size() - from)};
}

void Bench::watch(milliseconds time) {
  const SteadyTime until = steady_now() + time;
  while (steady_now() < until) service_.serve(std::min(kSlice, std::chrono::ceil<milliseconds>(until - steady_now())));
}

void Bench::demand(bool holds, const std::string& expected, const std::string& seen) {
  if (!holds) throw Finding{run::Outcome::failed, fmt::format("expected {}; {}", expected, seen)};
}

telemetry::Hello Bench::hello(size_t from, const std::string& why) {
  return wait(fmt::format("a Hello {}", why), patience_.gateway, from,
              [](const Arrival& arrival) { return arrival.up.has_hello(); })
      .up.hello();
}

telemetry::Batch Bench::batch(size_t from, const std::string& what) {
  return wait(what, patience_.gateway, from, [](const Arrival& arrival) { return arrival.up.has_batch(); }).up.batch();
}

telemetry::Sample Bench::sample_within(milliseconds within, size_t from, const std::string& what,
                                       const std::function<bool(const telemetry::Sample&)>& fits) {
  telemetry::Sample found;
  wait(what, within, from, [&](const Arrival& arrival) {
    for (const telemetry::Record& record : arrival.up.batch().records())
      if (record.has_sample() && fits(record.sample())) {
        found = record.sample();
        return true;
      }
    return false;
  });
  return found;
}

telemetry::Hello Bench::reconnect(const std::string& why) {
  act("service", "the line is lost and comes back");
  service_.close();
  watch(milliseconds(300));
  const size_t from = mark();
  service_.open();
  return hello(from, why);
}

void Bench::owner_does(Hook hook, const HookValues& values) {
  act("gateway", fmt::format("its owner {}", help(hook)));
  const auto judge = [](const Status& status) {
    if (status) return;
    const auto outcome = status.error().code == "bench" ? run::Outcome::error : run::Outcome::failed;
    throw Finding{outcome, status.error().message};
  };
  judge(owner_.begin(hook, values));
  const SteadyTime until = steady_now() + kHook;
  while (steady_now() < until) {
    if (const auto ended = owner_.ended()) return judge(*ended);
    service_.serve(kSlice);
  }
  throw Finding{run::Outcome::error, fmt::format("the hook {} did not end within {}", to_string(hook), seconds(kHook))};
}

telemetry::Down Bench::make_command(const std::function<void(telemetry::Command&)>& fill, milliseconds lives) {
  telemetry::Down down;
  telemetry::Command& command = *down.mutable_command();
  command.set_correlation_id(++last_command_);
  command.set_expires_ms(to_ms(now()) + lives.count());
  fill(command);
  return down;
}

telemetry::CommandResult Bench::command(const std::string& text, const std::function<void(telemetry::Command&)>& fill,
                                        milliseconds lives) {
  act("service", "command: " + text);
  const telemetry::Down down = make_command(fill, lives);
  const size_t from = mark();
  demand(service_.say(down), "the gateway's connection to take a command", "it is gone");
  return result_of(down.command().correlation_id(), from, patience_.gateway);
}

telemetry::CommandResult Bench::result_of(std::uint64_t correlation_id, size_t from, milliseconds within) {
  return wait("the command's result", within, from,
              [&](const Arrival& arrival) {
                return arrival.up.has_command_result() &&
                       arrival.up.command_result().correlation_id() == correlation_id;
              })
      .up.command_result();
}

/// Units are told in Hellos and in events; the newest word counts.
void Bench::remember_units() {
  for (; units_seen_ < service_.arrivals().size(); ++units_seen_) {
    const telemetry::Up& up = service_.arrivals()[units_seen_].up;
    for (const telemetry::Unit& unit : up.hello().units()) unit_nos_[unit.serial()] = unit.unit_no();
    if (const auto* changed = event_in(up.batch(), telemetry::EVENT_KIND_UNITS_CHANGED))
      for (const telemetry::Unit& unit : changed->units()) unit_nos_[unit.serial()] = unit.unit_no();
  }
}

std::uint32_t Bench::unit_no(const UnitInfo& unit) {
  remember_units();
  const auto found = unit_nos_.find(unit.serial);
  demand(found != unit_nos_.end(),
         fmt::format("{} with the serial {} in the gateway's unit list", unit.name, unit.serial),
         fmt::format("{} other serials were told", unit_nos_.size()));
  return found->second;
}

std::filesystem::path Bench::new_key(std::string& public_key) {
  const CurveKeyPair keys = make_curve_key_pair();
  std::filesystem::path file = keys_.directory / "gateway.rotated.key";
  std::ofstream(file) << keys.secret_key << "\n";
  std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  public_key = keys.public_key;
  keys_.accepted.insert(public_key);
  service_.accept(keys_.accepted);
  return file;
}

void Bench::accept_only(const std::string& public_key) {
  keys_.accepted = {public_key};
  service_.accept(keys_.accepted);
}

}  // namespace v2x::conform
