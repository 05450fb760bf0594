#include "harness/lab/lab.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>

#include "common/clock_options.hpp"
#include "common/scratch_directory.hpp"
#include "harness/lab/lab_file.hpp"
#include "harness/world/gateway_file.hpp"
#include "harness/world/stage.hpp"

namespace v2x::lab {
namespace {

constexpr std::chrono::milliseconds kLookUp{250};  // how soon an interrupt or a death is noticed

Json unit_json(const std::string& site, const Json& unit) {
  return {{"name", site + "." + unit.value("name", "")},
          {"kind", unit.value("kind", "")},
          {"tcp", unit.value("tcp", Json())},
          {"unit_id", unit.value("unit_id", Json())},
          {"pty", unit.value("pty", Json())}};
}

/// Its spool lies beside it, so that the gateway finds it again in the next lab.
Status write_gateway_file(const std::filesystem::path& file, const Json& simulator_hello, const Json& description) {
  const Json& telemetry = description.at("telemetry");
  const std::filesystem::path spool = std::filesystem::absolute(file).replace_extension(".spool");
  const std::string text = world::gateway_file(
      simulator_hello.at("sites").at(0),
      {telemetry.at("endpoint"), telemetry.at("server_public_key"), {telemetry.at("key_file")}, spool});
  std::ofstream out(file);
  if (!(out << text << std::flush)) return fail("not_written", file.string() + ": cannot be written");
  return done();
}

}  // namespace

Json describe(const Json& simulator_hello, const Json& backend_hello, const scenario::World& world,
              const std::filesystem::path& keys, const std::string& control) {
  Json units = Json::array();
  for (const Json& site : simulator_hello.value("sites", Json::array()))
    for (const Json& unit : site.value("units", Json::array()))
      units.push_back(unit_json(site.value("name", ""), unit));
  const std::string gateway = world.sites.front().gateway_id;
  const auto address = [](const Json& hello, const char* member, const char* scheme) {
    const Json value = hello.value(member, Json());
    return value.is_number()   ? fmt::format("{}://127.0.0.1:{}", scheme, value.get<int>())
           : value.is_string() ? value.get<std::string>()
                               : "";
  };
  return {{"units", units},
          {"telemetry",
           {{"endpoint", address(backend_hello, "telemetry", "tcp")},
            {"server_public_key", backend_hello.value("server_public_key", "")},
            {"gateway_id", gateway},
            {"key_file", (keys / (gateway + ".key")).string()}}},
          {"web", address(backend_hello, "http", "http")},
          {"control", control}};
}

std::string describe_for_people(const Json& description) {
  std::string text = fmt::format("{:<16} {:<8} {:<20} {:<14} {}\n", "unit", "kind", "Modbus TCP", "RTU", "unit id");
  const auto shown = [](const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); };
  for (const Json& unit : description.at("units"))
    text += fmt::format("{:<16} {:<8} {:<20} {:<14} {}\n", shown(unit.at("name")), shown(unit.at("kind")),
                        shown(unit.at("tcp")), shown(unit.at("pty")), shown(unit.at("unit_id")));
  const Json& telemetry = description.at("telemetry");
  text += fmt::format("\nTelemetry:  {}\n  server key {}\n  gateway    {} with the key in {}\n",
                      shown(telemetry.at("endpoint")), shown(telemetry.at("server_public_key")),
                      shown(telemetry.at("gateway_id")), shown(telemetry.at("key_file")));
  text += fmt::format(
      "Pages:      {}\nControl:    {}\nFrom another terminal: v2x watch, set, clear, inject, repair, plug, unplug, "
      "depart, return, "
      "bus, trace. Ctrl-C ends it.\n",
      shown(description.at("web")), shown(description.at("control")));
  return text;
}

Status run_lab(const LabOptions& options) {
  const scenario::World world = scenario::load_world(options.world);
  const ScratchDirectory logs;
  world::StageOptions stage_options;
  stage_options.programs = options.programs;
  stage_options.logs = logs.path();
  stage_options.realtime =
      world::Realtime{format_epoch(RealtimeClock::system().now(), steady_now()), options.speed, options.modbus_port};
  world::Stage stage(world, stage_options);
  if (const Status made = stage.make_gateways(); !made) return made;
  const auto backend = stage.start_backend();
  if (!backend) return fail(backend.error());
  const auto simulator = stage.start_simulator();
  if (!simulator) return fail(simulator.error());
  const Json description = describe(*simulator, *backend, world, stage.keys(), stage.simulator().control());
  if (!options.gateway_file.empty())
    if (const Status written = write_gateway_file(options.gateway_file, *simulator, description); !written)
      return written;
  const LabFile found_by_commands(stage.simulator().control(), options.world);
  fmt::print("{}", options.json ? description.dump() + "\n" : describe_for_people(description));
  std::fflush(stdout);
  Alarm look_up;
  while (!*options.interrupted) {
    look_up.wait(steady_now() + kLookUp);
    if (auto end = stage.died_unasked()) return fail("bench", *end);
  }
  return stage.stop_all();
}

}  // namespace v2x::lab
