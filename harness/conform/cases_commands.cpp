// Cases: commands of the service.
#include <fmt/format.h>

#include <string>

#include "harness/conform/cases.hpp"

namespace v2x::conform {
namespace {

using std::chrono::milliseconds;
using telemetry::CommandResult;

constexpr const char* kSetting = "socEconomyMode";  // 10 to 90 %, step 10; written through to the EV PCS

std::string told(const CommandResult& result) {
  return fmt::format("it is {}{}{}", CommandResult::Status_Name(result.status()), result.reason().empty() ? "" : ": ",
                     result.reason());
}

void ask_settings(telemetry::Command& command) {
  command.mutable_read_settings();
}

std::function<void(telemetry::Command&)> write(const std::string& name, const std::string& value) {
  return [name, value](telemetry::Command& command) {
    telemetry::Setting& setting = *command.mutable_write_settings()->add_values();
    setting.set_name(name);
    setting.set_value(value);
  };
}

std::string value_of(Bench& bench, const CommandResult& result, const std::string& name) {
  for (const telemetry::Setting& setting : result.values())
    if (setting.name() == name) return setting.value();
  bench.demand(false, fmt::format("{} among the settings", name), fmt::format("{} others came", result.values_size()));
  return {};
}

std::string read_setting(Bench& bench) {
  const CommandResult result = bench.command("read settings", ask_settings);
  bench.demand(result.status() == CommandResult::DONE, "the settings to be read", told(result));
  return value_of(bench, result, kSetting);
}

void write_setting(Bench& bench, const std::string& value) {
  const CommandResult result = bench.command(fmt::format("write {} = {}", kSetting, value), write(kSetting, value));
  bench.demand(result.status() == CommandResult::DONE, fmt::format("{} = {} to be written", kSetting, value),
               told(result));
}

/// Another valid value than `value`.
std::string other_than(const std::string& value) {
  return value == "40" ? "50" : "40";
}

std::string settings_are_read_and_written(Bench& bench) {
  const std::string before = read_setting(bench);
  const std::string wanted = other_than(before);
  const size_t from = bench.mark();
  write_setting(bench, wanted);
  bench.wait("the event that settings changed", bench.patience().polls, from, [](const Arrival& arrival) {
    return event_in(arrival.up.batch(), telemetry::EVENT_KIND_SETTINGS_CHANGED) != nullptr;
  });
  const std::string after = read_setting(bench);
  bench.demand(after == wanted, fmt::format("{} = {} after the write", kSetting, wanted), "it is " + after);
  return fmt::format("{} went from {} to {}, and an event told it", kSetting, before, after);
}

std::string command_runs_once(Bench& bench) {
  const std::string first = other_than(read_setting(bench));
  const std::string second = first == "60" ? "70" : "60";
  const telemetry::Down down = bench.make_command(write(kSetting, first), milliseconds(60'000));
  bench.act("service", fmt::format("command: write {} = {}", kSetting, first));
  size_t from = bench.mark();
  bench.service().say(down);
  const CommandResult result = bench.result_of(down.command().correlation_id(), from, bench.patience().gateway);
  bench.demand(result.status() == CommandResult::DONE, "the write to be done", told(result));
  write_setting(bench, second);
  bench.act("service", "sends the first command again");
  from = bench.mark();
  bench.service().say(down);
  const CommandResult again = bench.result_of(down.command().correlation_id(), from, bench.patience().gateway);
  bench.demand(again.status() == result.status(), "the same result for the same command", told(again));
  const std::string after = read_setting(bench);
  bench.demand(after == second, fmt::format("{} to stay {}, the repeated command not to run again", kSetting, second),
               "it is " + after);
  return fmt::format("the repeated command was answered again, and {} stayed {}", kSetting, second);
}

std::string expired_command_does_nothing(Bench& bench) {
  const std::string before = read_setting(bench);
  const CommandResult result =
      bench.command(fmt::format("write {} = {}, expired a minute ago", kSetting, other_than(before)),
                    write(kSetting, other_than(before)), milliseconds(-60'000));
  bench.demand(result.status() == CommandResult::TIMED_OUT || result.status() == CommandResult::REFUSED,
               "an expired command not to be executed", told(result));
  const std::string after = read_setting(bench);
  bench.demand(after == before, fmt::format("{} to stay {}", kSetting, before), "it is " + after);
  return fmt::format("the expired command was answered with {}, and {} stayed {}",
                     CommandResult::Status_Name(result.status()), kSetting, after);
}

std::string unsupported_command_is_told(Bench& bench) {
  const CommandResult result = bench.command("one that this protocol does not have", [](telemetry::Command&) {});
  bench.demand(result.status() == CommandResult::UNSUPPORTED, "UNSUPPORTED for an unknown command", told(result));
  return "an unknown command was answered with UNSUPPORTED";
}

std::string bad_value_is_refused(Bench& bench) {
  const std::string before = read_setting(bench);
  const CommandResult unknown = bench.command("write noSuchSetting = 1", write("noSuchSetting", "1"));
  bench.demand(
      unknown.status() == CommandResult::REFUSED && unknown.reason().find("noSuchSetting") != std::string::npos,
      "an unknown setting to be refused by its name", told(unknown));
  const CommandResult beyond = bench.command(fmt::format("write {} = 95", kSetting), write(kSetting, "95"));
  bench.demand(beyond.status() == CommandResult::REFUSED && beyond.reason().find(kSetting) != std::string::npos,
               fmt::format("{} = 95 to be refused by its name", kSetting), told(beyond));
  const std::string after = read_setting(bench);
  bench.demand(after == before, fmt::format("{} to stay {}", kSetting, before), "it is " + after);
  return fmt::format("\"{}\", \"{}\"", unknown.reason(), beyond.reason());
}

std::string silent_unit_times_a_command_out(Bench& bench) {
  const UnitInfo& ev = bench.units().first("ev_pcs");
  const std::string before = read_setting(bench);
  bench.act(ev.name, "silent");
  bench.units().bus(ev, {{"kind", "silence"}});
  const CommandResult result =
      bench.command(fmt::format("write {} = {}", kSetting, other_than(before)), write(kSetting, other_than(before)));
  bench.units().end_faults();
  bench.demand(result.status() == CommandResult::TIMED_OUT, "TIMED_OUT for a write to a silent unit", told(result));
  return fmt::format("with the EV PCS silent the write was answered with TIMED_OUT: {}", result.reason());
}

std::string refusing_unit_refuses_a_command(Bench& bench) {
  constexpr int kRefused = 4;  // Modbus exception: server device failure
  const UnitInfo& ev = bench.units().first("ev_pcs");
  const std::string before = read_setting(bench);
  bench.act(ev.name, "answers writes with exception 4");
  bench.units().bus(ev, {{"kind", "exception"}, {"code", kRefused}, {"functions", {6, 16}}});
  const CommandResult result =
      bench.command(fmt::format("write {} = {}", kSetting, other_than(before)), write(kSetting, other_than(before)));
  bench.units().end_faults();
  bench.demand(result.status() == CommandResult::REFUSED, "REFUSED for a write that the unit refuses", told(result));
  const std::string after = read_setting(bench);
  bench.demand(after == before, fmt::format("{} to stay {}", kSetting, before), "it is " + after);
  return fmt::format("the unit refused it, and so did the gateway: {}", result.reason());
}

}  // namespace

std::vector<Case> command_cases() {
  return {
      {"settings_are_read_and_written",
       "Settings can be read, written, and read again; an event tells the change.",
       {},
       {},
       settings_are_read_and_written},
      {"command_runs_once",
       "A command that comes twice is answered twice and executed once.",
       {},
       {},
       command_runs_once},
      {"expired_command_does_nothing",
       "A command that has expired is not executed, and its result says so.",
       {},
       {},
       expired_command_does_nothing},
      {"unsupported_command_is_told",
       "A command that the firmware does not know is answered with UNSUPPORTED.",
       {},
       {},
       unsupported_command_is_told},
      {"bad_value_is_refused",
       "An unknown setting or value is refused by its name, and nothing is written.",
       {},
       {},
       bad_value_is_refused},
      {"refusing_unit_refuses_a_command",
       "What the EV PCS refuses is refused, and the setting stays.",
       {},
       {},
       refusing_unit_refuses_a_command},
      {"silent_unit_times_a_command_out",
       "A command whose unit does not answer times out.",
       {},
       {},
       silent_unit_times_a_command_out},
  };
}

}  // namespace v2x::conform
