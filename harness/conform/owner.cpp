#include "harness/conform/owner.hpp"

#include <fmt/format.h>

#include <csignal>
#include <fstream>

#include "common/clock_options.hpp"

namespace v2x::conform {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kStop{10'000};  // default: from SIGTERM to the end

struct HookText {
  Hook hook;
  const char* word;
  const char* help;
};
constexpr HookText kHooks[] = {
    {Hook::reboot, "reboot", "restarts the gateway in order and returns"},
    {Hook::power, "power", "cuts its power without a warning, and turns it on again"},
    {Hook::lose_spool, "lose-spool", "makes it start with an empty spool"},
    {Hook::skew, "skew", "puts its clock $V2X_SKEW_S seconds ahead of the right time; 0: right again"},
    {Hook::rotate_key, "rotate-key", "gives it the secret key in the file $V2X_KEY_FILE and makes it use that"},
};

const HookText& text_of(Hook hook) {
  for (const HookText& text : kHooks)
    if (text.hook == hook) return text;
  return kHooks[0];
}

std::string in_quotes(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

const std::vector<Hook>& hooks() {
  static const std::vector<Hook> all{Hook::reboot, Hook::power, Hook::lose_spool, Hook::skew, Hook::rotate_key};
  return all;
}

std::string to_string(Hook hook) {
  return text_of(hook).word;
}

std::string help(Hook hook) {
  return text_of(hook).help;
}

// ---- somebody else's gateway

CommandOwner::CommandOwner(std::map<Hook, std::string> commands, fs::path logs)
    : commands_(std::move(commands)), logs_(std::move(logs)) {}

Status CommandOwner::begin(Hook hook, const HookValues& values) {
  if (!can(hook)) return fail("bench", fmt::format("there is no --hook {}", to_string(hook)));
  running_ = fmt::format("--hook {}={}", to_string(hook), commands_.at(hook));
  const std::string line = fmt::format("export V2X_KEY_FILE={} V2X_SKEW_S={}\n{}", in_quotes(values.key_file.string()),
                                       values.skew_s, commands_.at(hook));
  fs::create_directories(logs_);
  process_ = std::make_unique<world::Process>(std::vector<std::string>{"/bin/sh", "-c", line}, logs_ / "hooks.log",
                                              logs_ / "hooks.log");
  return done();
}

std::optional<Status> CommandOwner::ended() {
  const auto& exit = process_->exited();
  if (!exit) return std::nullopt;
  if (exit->code == 0) return done();
  return fail("bench", fmt::format("{} ended with {}", running_, exit->text()));
}

// ---- ours

OwnGateway::OwnGateway(Options options) : options_(std::move(options)) {
  fs::create_directories(options_.directory);
  std::ofstream(options_.directory / "gateway.yaml") << options_.file;
}

Status OwnGateway::start() {
  std::vector<std::string> command{(options_.programs / "v2x-gateway").string(),
                                   (options_.directory / "gateway.yaml").string()};
  if (skew_s_ != 0) {
    command.emplace_back("--epoch");
    command.push_back(format_epoch(RealtimeClock::system().now() + std::chrono::seconds(skew_s_), steady_now()));
  }
  fs::create_directories(options_.logs);
  process_ = std::make_unique<world::Process>(command, options_.logs / "gateway.out", options_.logs / "gateway.log");
  return done();
}

Status OwnGateway::stop() {
  if (!process_) return done();
  process_->signal(SIGTERM);
  const auto exit = process_->wait(kStop);
  process_.reset();
  if (exit && exit->code == 0) return done();
  return fail("gateway", "v2x-gateway " + (exit ? "ended with " + exit->text() : std::string("did not end")) +
                             " after SIGTERM, expected exit code 0");
}

Status OwnGateway::restart(bool in_order) {
  if (in_order) {
    if (Status stopped = stop(); !stopped) return stopped;
  } else if (process_) {
    process_->signal(SIGKILL);
    process_->wait(kStop);
    process_.reset();
  }
  return start();
}

void OwnGateway::lose_spool() const {
  std::error_code ignored;
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) fs::remove(options_.spool.string() + suffix, ignored);
}

Status OwnGateway::begin(Hook hook, const HookValues& values) {
  switch (hook) {
    case Hook::reboot:
      return restart(true);
    case Hook::power:
      return restart(false);
    case Hook::lose_spool:
      if (Status stopped = stop(); !stopped) return stopped;
      lose_spool();
      return start();
    case Hook::skew:
      skew_s_ = values.skew_s;
      return restart(true);
    case Hook::rotate_key:
      break;
  }
  std::error_code error;
  fs::copy_file(values.key_file, options_.key_file, fs::copy_options::overwrite_existing, error);
  if (error) return fail("bench", options_.key_file.string() + ": " + error.message());
  process_->signal(SIGHUP);
  return done();
}

std::optional<std::string> OwnGateway::died_unasked() {
  if (!process_ || !process_->exited()) return std::nullopt;
  return "v2x-gateway ended with " + process_->exited()->text();
}

}  // namespace v2x::conform
