// v2x-sim: the houses of a world in one SystemC kernel, in lockstep with a backend or on the wall clock.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <optional>
#include <thread>

#include "common/bad_input.hpp"
#include "common/clock_options.hpp"
#include "common/curve_key_file.hpp"
#include "common/log.hpp"
#include "sim/core/door.hpp"
#include "sim/core/register_manual.hpp"
#include "sim/site/fleet.hpp"
#include "sim/site/listeners.hpp"
#include "sim/site/verbs.hpp"

namespace v2x::site {
namespace {

struct Options {
  SimulationOptions simulation;
  std::string clock = "lockstep";
  ClockOptions time;
  std::string control;
  std::string telemetry;
  std::string server_key_file;
  int modbus_port = 1502;
};

volatile std::sig_atomic_t stop_asked = 0;

void on_signal(int) {
  stop_asked = 1;
}

/// No SA_RESTART: a wait for requests ends with EINTR and sees the flag.
void stop_on_signals() {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
}

/// How long a stop may go unseen when its signal comes between two waits.
constexpr std::chrono::milliseconds kLookUp{250};

std::string read_key(const std::string& file) {
  auto key = read_curve_key(file);
  if (!key) throw BadInput(key.error().message);
  return *key;
}

class KernelClock final : public Clock {
 public:
  explicit KernelClock(std::function<Time()> now) : now_(std::move(now)) {}
  Time now() const override { return now_(); }

 private:
  std::function<Time()> now_;
};

void run_lockstep(const Options& options) {
  if (options.control.empty()) throw BadInput("--clock lockstep needs --control: somebody must move the clock");
  const MessagingContext messaging;
  core::Kernel kernel(options.simulation.start);
  const KernelClock clock([&] { return kernel.now(); });
  log::start("v2x-sim", clock);
  Simulation simulation(messaging, kernel, options.simulation);
  Conductor conductor(kernel, simulation,
                      [&](Json& events, bool exactly) { return simulation.observe(events, exactly); }, {});
  std::mutex standing_still;  // held by a verb, and by a write of an outside master
  const auto on_kernel = [&](const std::function<void()>& act) {
    const std::lock_guard lock(standing_still);
    act();
  };
  std::optional<Listeners> listeners;
  const auto listen = [&]() -> Listeners& {
    if (!listeners) listeners.emplace(simulation, on_kernel, std::uint16_t{0}, Listeners::Refresh::on_demand);
    return *listeners;
  };
  ControlServer server(messaging, options.control);
  add_verbs(server, {messaging, kernel, simulation, &conductor, nullptr, nullptr, listen}, on_kernel);
  while (stop_asked == 0) server.serve(kLookUp);
}

void run_realtime(Options options) {
  const MessagingContext messaging;
  const RealtimeClock wall = options.time.realtime();
  options.simulation.start = wall.now();
  core::Kernel kernel(options.simulation.start);
  core::Pacer pacer(kernel, wall);
  const KernelClock clock([&] { return pacer.present(); });
  log::start("v2x-sim", clock);
  core::Door door("door", kernel, {[&] { return pacer.present(); }, [&] { pacer.wake(); }});
  options.simulation.present = [&] { return pacer.present(); };
  Simulation simulation(messaging, kernel, options.simulation);
  const auto on_kernel = [&](const std::function<void()>& act) { door.run(act); };
  Listeners listeners(simulation, on_kernel, static_cast<std::uint16_t>(options.modbus_port),
                      Listeners::Refresh::always);
  const auto listen = [&]() -> Listeners& { return listeners; };
  const Boxes boxes{messaging, kernel, simulation, nullptr, &pacer, &listeners, listen};

  std::stop_source stop;
  const std::jthread control([&](const std::stop_token& token) {
    if (options.control.empty()) return;
    ControlServer server(messaging, options.control);
    add_verbs(server, boxes, on_kernel);
    while (!token.stop_requested()) server.serve(kLookUp);
  });
  const std::jthread signals([&](const std::stop_token& token) {
    while (!token.stop_requested() && stop_asked == 0) Alarm().wait(steady_now() + kLookUp);
    stop.request_stop();
  });
  if (!options.telemetry.empty()) simulation.run_uplinks();
  bool broken = false;
  pacer.run(stop.get_token(), [&] {
    Json events = Json::array();
    const auto breach = simulation.observe(events, false);
    if (breach && !broken) log::error("{}", *breach);
    broken = breach.has_value();
    listeners.publish();
  });
  door.close();
}

void add_options(CLI::App& app, Options& options) {
  app.add_option("--world", options.simulation.world, "world file");
  app.add_option("--clock", options.clock, "lockstep: moved by --control; realtime: the wall clock")
      ->check(CLI::IsMember({"lockstep", "realtime"}));
  app.add_option("--start", options.time.start, "lockstep: first instant, RFC 3339, JST where no zone is given");
  app.add_option("--epoch", options.time.epoch, "realtime: TIME@MONOTONIC_NS; default: the machine's time");
  app.add_option("--speed", options.time.speed, "realtime: service seconds per second");
  app.add_option("--seed", options.simulation.seed, "seed of everything random");
  app.add_option("--control", options.control, "control socket, ipc:///… (none by default)");
  app.add_option("--telemetry", options.telemetry, "backend's telemetry, tcp://host:port (none by default)");
  app.add_option("--server-key", options.server_key_file, "file with the backend's public CURVE key");
  app.add_option("--keys", options.simulation.telemetry.keys, "directory of <gateway id>.key files");
  app.add_option("--data", options.simulation.data, "directory of the gateways' spools")->default_val("./var/sim");
  app.add_option("--modbus-port", options.modbus_port, "realtime: Modbus TCP port of the first site; 0: any free ones")
      ->check(CLI::Range(0, 65535));
}

CLI::App* add_fleet(CLI::App& app, FleetOptions& options, std::string& start) {
  CLI::App* fleet = app.add_subcommand("fleet", "Writes what the gateways of many houses report, for v2x bench ingest");
  fleet->add_option("--world", options.world, "world file; its first house is the pattern")
      ->required()
      ->check(CLI::ExistingFile);
  fleet->add_option("--out", options.out, "the sample file")->required();
  fleet->add_option("--houses", options.houses, "how many")->check(CLI::Range(1, 64))->capture_default_str();
  fleet->add_option("--days", options.days, "how long")->check(CLI::Range(1, 400))->capture_default_str();
  fleet->add_option("--seed", options.seed, "seed of everything random")->capture_default_str();
  fleet->add_option("--start", start, "first instant, RFC 3339, JST where no zone is given")->capture_default_str();
  return fleet;
}

int run(int argc, char** argv) {
  CLI::App app("Simulated houses: solar and EV power conditioners on Modbus, gateways that report.");
  Options options;
  add_options(app, options);
  bool markdown = false;
  CLI::App* registers = app.add_subcommand("registers", "Prints the register maps");
  registers->add_flag("--markdown", markdown, "as the reference manual")->required();
  FleetOptions fleet_options;
  ClockOptions fleet_time;
  fleet_time.start = "2026-04-01T00:00:00";
  CLI::App* fleet = add_fleet(app, fleet_options, fleet_time.start);
  CLI11_PARSE(app, argc, argv);
  if (fleet->parsed()) {
    fleet_options.start = fleet_time.start_time();
    write_fleet(fleet_options);
    return 0;
  }
  if (registers->parsed()) {
    fmt::print("{}", core::register_manual(core::RegisterMap::load_all(contracts::QuantityCatalogue::load())));
    return 0;
  }
  if (options.simulation.world.empty()) throw BadInput("--world is missing, expected a world file");
  options.simulation.telemetry.endpoint = options.telemetry;
  if (!options.server_key_file.empty())
    options.simulation.telemetry.server_public_key = read_key(options.server_key_file);
  stop_on_signals();
  if (options.clock == "realtime") {
    run_realtime(std::move(options));
  } else {
    options.simulation.start = options.time.start_time();
    run_lockstep(options);
  }
  return 0;
}

}  // namespace
}  // namespace v2x::site

int main(int argc, char** argv) {
  try {
    return v2x::site::run(argc, argv);
  } catch (const v2x::BadInput& error) {
    std::fprintf(stderr, "v2x-sim: %s\n", error.what());
    return 2;
  }
}
