#include "harness/world/stage.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <fstream>
#include <iterator>

#include "common/jst.hpp"
#include "harness/world/gateway_keys.hpp"

namespace v2x::world {
namespace {

namespace fs = std::filesystem;

// Indices into the scenario's ports.
constexpr int kTelemetryPort = 1;
constexpr int kSmtpPort = 2;

}  // namespace

Stage::Stage(const scenario::World& world, const StageOptions& options)
    : world_(world),
      options_(options),
      ports_(PortBlock::default_locks()),
      sink_(ports_.port(kSmtpPort)),
      backend_(context_, {"backend", backend_command(), endpoint("backend"), options.logs, options.patience}),
      simulator_(context_, {"sim", simulator_command(), endpoint("sim"), options.logs, options.patience}),
      weather_(scratch_.path() / "weather.yaml") {
  fs::create_directories(options.logs);
  fs::create_directories(data());
  fs::create_directories(scratch_.path() / "sim");
  if (options.keep) scratch_.keep();
}

Stage::~Stage() {
  simulator_.kill();
  backend_.kill();
}

std::string Stage::endpoint(const std::string& name) const {
  return "ipc://" + (scratch_.path() / (name + ".ctl")).string();
}

std::vector<std::string> Stage::clock_words() const {
  if (!options_.realtime) return {"--start", format_time(options_.start)};
  return {"--epoch", options_.realtime->epoch, "--speed", fmt::format("{}", options_.realtime->speed)};
}

std::vector<std::string> Stage::backend_command() const {
  std::vector<std::string> command{(options_.programs / "v2x-backend").string(),
                                   "--data",
                                   data().string(),
                                   "--http-port",
                                   std::to_string(http_port()),
                                   "--telemetry-port",
                                   std::to_string(ports_.port(kTelemetryPort)),
                                   "--smtp",
                                   fmt::format("127.0.0.1:{}", ports_.port(kSmtpPort)),
                                   "--mail-io-timeout",
                                   "1",
                                   "--trusted-proxy",
                                   "127.0.0.1",
                                   "--weather",
                                   (scratch_.path() / "weather.yaml").string(),
                                   "--control",
                                   endpoint("backend"),
                                   "--clock",
                                   options_.realtime ? "realtime" : "stepped"};
  for (const std::string& word : clock_words()) command.push_back(word);
  return command;
}

std::vector<std::string> Stage::simulator_command() const {
  std::vector<std::string> command{(options_.programs / "v2x-sim").string(),
                                   "--world",
                                   world_.file.string(),
                                   "--seed",
                                   std::to_string(options_.seed),
                                   "--control",
                                   endpoint("sim"),
                                   "--telemetry",
                                   fmt::format("tcp://127.0.0.1:{}", ports_.port(kTelemetryPort)),
                                   "--server-key",
                                   (state() / "server.key").string(),
                                   "--keys",
                                   keys().string(),
                                   "--data",
                                   (scratch_.path() / "sim").string(),
                                   "--clock",
                                   options_.realtime ? "realtime" : "lockstep"};
  if (options_.realtime) {
    command.push_back("--modbus-port");
    command.push_back(std::to_string(options_.realtime->modbus_port));
  }
  for (const std::string& word : clock_words()) command.push_back(word);
  return command;
}

Status Stage::make_gateways() {
  return operate({"gateways", "import", make_gateway_keys(world_, keys()).string()});
}

Status Stage::operate(std::vector<std::string> words) {
  const std::string command = fmt::format("v2x-backend {}", fmt::join(words, " "));
  words.insert(words.begin(), (options_.programs / "v2x-backend").string());
  words.insert(words.end(), {"--data", data().string()});
  const fs::path errors = options_.logs / "operator.log";
  Process process(words, options_.logs / "operator.out", errors);
  const auto end = process.wait(options_.patience.start);
  if (end && end->code == 0) return done();
  std::ifstream in(errors);
  const std::string said{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return fail("bench", fmt::format("'{}' {}: {}", command, end ? "ended with " + end->text() : "did not end", said));
}

Result<Json> Stage::start_backend() {
  auto hello = backend_.start();
  if (!hello) return hello;
  const auto key = argument<std::string>(*hello, "server_public_key");
  if (!key) return fail("bench", "the backend's hello lacks its server_public_key");
  std::ofstream(state() / "server.key") << *key << "\n";
  return hello;
}

Result<Json> Stage::start_simulator() {
  auto hello = simulator_.start();
  if (!hello || options_.realtime) return hello;
  auto followed = simulator_.call("follow", {{"control", backend_.control()}});
  if (!followed) return followed;
  return hello;
}

Status Stage::stop_all() {
  const Status simulator = simulator_.stop();
  const Status backend = backend_.stop();
  return simulator ? backend : simulator;
}

std::optional<std::string> Stage::died_unasked() {
  for (Box* box : {&backend_, &simulator_})
    if (auto end = box->died_unasked()) return end;
  return std::nullopt;
}

}  // namespace v2x::world
