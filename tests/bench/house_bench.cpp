// How fast one whole house runs in virtual time without telemetry: physics, Modbus and the gateway that polls meter and
// EV conditioner every 5 s and two PV conditioners every 10 s. Exit code 4: slower than 40,000 times real time.
#include <fmt/format.h>
#include <time.h>

#include <filesystem>

#include "common/jst.hpp"
#include "sim/site/conductor.hpp"
#include "sim/site/simulation.hpp"
#include "tests/paths.hpp"

namespace {

constexpr double kLeast = 40'000;

double cpu_s() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

}  // namespace

int main() {
  using namespace v2x;
  using namespace std::chrono_literals;
  const auto data = std::filesystem::temp_directory_path() / fmt::format("v2x-house-bench-{}", ::getpid());
  const Time start = *parse_time("2026-04-01T00:00:00");
  double speed = 0;
  {
    const MessagingContext messaging;
    core::Kernel kernel(start);
    site::SimulationOptions options;
    options.world = in_sources("scenarios/worlds/home.yaml");
    options.start = start;
    options.data = data;
    site::Simulation simulation(messaging, kernel, options);
    site::Conductor conductor(kernel, simulation, [&](Json& events) { return simulation.observe(events); }, {});
    simulation.sites().front()->boot_gateway(telemetry::BOOT_REASON_POWER_ON);
    constexpr int kDays = 3;
    const double before = cpu_s();
    if (const auto stop = conductor.advance_to(start + kDays * 24h, {}, {}); !stop || stop->cause != "time") {
      fmt::print(stderr, "the run ended early\n");
      return 3;
    }
    speed = kDays * 86400 / (cpu_s() - before);
  }
  std::filesystem::remove_all(data);
  fmt::print("one house: {:.0f} times real time on one core, at least {:.0f}\n", speed, kLeast);
  return speed < kLeast ? 4 : 0;
}
