// How fast one whole house runs in virtual time without telemetry: physics, Modbus and the gateway that polls meter and
// EV conditioner every 5 s and two PV conditioners every 10 s. Counted is the CPU time of this process, day by day, so
// that other work on the machine costs caches only. Exit code 4: the median day is below 40,000 times real time.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <vector>

#include "common/jst.hpp"
#include "common/scratch_directory.hpp"
#include "sim/site/conductor.hpp"
#include "sim/site/simulation.hpp"
#include "tests/paths.hpp"

namespace {

using namespace v2x;
using namespace std::chrono_literals;

constexpr double kLeast = 40'000;
constexpr int kDays = 7;
constexpr double kDayS = 86'400;

double cpu_s() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// Of all units, since the start.
std::uint64_t transactions(site::Site& site) {
  std::uint64_t sum = 0;
  for (size_t i = 0; i < site.config().gateway.units.size(); ++i) {
    const auto seen = site.conduct(i).seen_after(0);
    if (!seen.empty()) sum += seen.back().number;
  }
  return sum;
}

}  // namespace

int main() {
  const ScratchDirectory data;
  const Time start = *parse_time("2026-04-01T00:00:00");
  std::vector<double> speeds;
  std::uint64_t asked = 0;
  {
    const MessagingContext messaging;
    core::Kernel kernel(start);
    site::SimulationOptions options;
    options.world = in_sources("scenarios/worlds/home.yaml");
    options.start = start;
    options.data = data.path();
    site::Simulation simulation(messaging, kernel, options);
    site::Conductor conductor(kernel, simulation,
                              [&](Json& events, bool exactly) { return simulation.observe(events, exactly); }, {});
    site::Site& home = *simulation.sites().front();
    home.boot_gateway(telemetry::BOOT_REASON_POWER_ON);
    for (int day = 1; day <= kDays; ++day) {
      const double before = cpu_s();
      if (const auto stop = conductor.advance_to(start + day * 24h, {}, {}); !stop || stop->cause != "time") {
        fmt::print(stderr, "the run ended early\n");
        return 3;
      }
      speeds.push_back(kDayS / (cpu_s() - before));
    }
    asked = transactions(home);
  }
  std::sort(speeds.begin(), speeds.end());
  const double median = speeds[kDays / 2];
  const double per_s = static_cast<double>(asked) / (kDays * kDayS);
  fmt::print(
      "one house: {:.0f} times real time on one core (median of {} days; best {:.0f}), at least {:.0f}; {:.2f} "
      "Modbus transactions per simulated second, {:.2f} us of CPU each with everything else\n",
      median, kDays, speeds.back(), kLeast, per_s, 1e6 / (median * per_s));
  return median < kLeast ? 4 : 0;
}
