// v2x-gateway: the gateway as a program of its own, with real power conditioners or those of `v2x lab`.
#include <sys/random.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "common/bad_input.hpp"
#include "common/clock_options.hpp"
#include "common/log.hpp"
#include "sim/gateway/program/gateway_program.hpp"

namespace v2x::gateway::program {
namespace {

/// A spool that is made anew must never get the id of an earlier one.
std::uint64_t drawn_seed() {
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof seed, 0) != static_cast<ssize_t>(sizeof seed))
    throw BadInput("no random numbers from the system, expected getrandom(2)");
  return seed;
}

int run(int argc, char** argv) {
  CLI::App app("A gateway: polls power conditioners over Modbus, keeps their records, reports them to the service.");
  std::string file;
  std::string clock_name = "realtime";
  ClockOptions time;
  bool check = false;
  app.add_option("CONFIG", file, "its file: docs/how-to/gateway.md")->required();
  app.add_flag("--check", check, "only checks the file");
  app.add_option("--clock", clock_name, "realtime: the wall clock")->check(CLI::IsMember({"realtime"}));
  app.add_option("--epoch", time.epoch, "TIME@MONOTONIC_NS; default: the machine's time");
  app.add_option("--speed", time.speed, "service seconds per second");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const ProgramConfig config = read_program_config(file, contracts::QuantityCatalogue::load());
  if (check) {
    std::printf("%s is good\n", file.c_str());
    return 0;
  }
  const RealtimeClock clock = time.realtime();
  log::start("v2x-gateway", clock);
  GatewayProgram(config, clock, drawn_seed()).run();
  return 0;
}

}  // namespace
}  // namespace v2x::gateway::program

int main(int argc, char** argv) {
  try {
    return v2x::gateway::program::run(argc, argv);
  } catch (const v2x::BadInput& error) {
    std::fprintf(stderr, "v2x-gateway: %s\n", error.what());
    return 2;
  }
}
