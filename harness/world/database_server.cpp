#include "harness/world/database_server.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <csignal>
#include <deque>
#include <fstream>

#include "common/bad_input.hpp"
#include "common/clock.hpp"
#include "harness/world/program.hpp"
#include "harness/world/server_recipes.hpp"

namespace v2x::world {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kAskAgain{20};  // a refused connection costs nothing
constexpr std::chrono::seconds kPreparing{60};      // initdb on a busy machine
constexpr auto kUnprivileged = "nobody";
constexpr size_t kTailLines = 8;

bool is_root() {
  return geteuid() == 0;
}

/// `directory`, now of the user as whom its server runs.
const fs::path& given_away(const fs::path& directory) {
  if (!is_root()) return directory;
  const passwd* user = getpwnam(kUnprivileged);
  if (!user || chown(directory.c_str(), user->pw_uid, user->pw_gid) != 0)
    throw BadInput(directory.string() + ": cannot be given to nobody, as whom servers run for root");
  return directory;
}

/// PostgreSQL refuses to run as root, and no server needs it.
std::vector<std::string> without_root(const std::vector<std::string>& command) {
  if (!is_root()) return command;
  std::vector<std::string> words{find_program("setpriv").value_or("/usr/bin/setpriv").string(),
                                 fmt::format("--reuid={}", kUnprivileged),
                                 "--regid=nogroup",
                                 "--clear-groups",
                                 "--pdeathsig=KILL",  // a change of user has cleared it
                                 "--"};
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

}  // namespace

std::optional<std::string> missing_program(ServerKind kind) {
  for (const auto& name : server_recipe(kind)->programs())
    if (!find_program(name)) return name;
  return std::nullopt;
}

std::unique_ptr<ServerRecipe> DatabaseServer::checked_recipe(ServerKind kind) {
  if (const auto missing = missing_program(kind))
    throw BadInput(fmt::format("{}: is not there, expected Debian's package (make deps-test)", *missing));
  return server_recipe(kind);
}

DatabaseServer::DatabaseServer(const StandbyOf& standby)
    : DatabaseServer(standby_recipe(standby.primary.url()), standby.primary.extra_) {}

DatabaseServer::DatabaseServer(std::unique_ptr<ServerRecipe> recipe, std::vector<std::string> extra)
    : recipe_(std::move(recipe)),
      extra_(std::move(extra)),
      ports_(PortBlock::default_locks()),
      place_{given_away(scratch_.path()), ports_.port(0), ports_.port(1)} {
  const auto preparation = recipe_->prepare(place_);
  if (preparation.empty()) return;
  const auto process = launch(preparation);
  const auto end = process->wait(kPreparing);
  if (end && end->code == 0) return;
  throw BadInput(fmt::format("{}: {}\n{}", preparation.front(), end ? end->text() : "does not end", log_tail()));
}

DatabaseServer::~DatabaseServer() {
  kill();
  std::error_code ignored;  // children of a killed server may still be on their way out
  const SteadyTime deadline = steady_now() + kPreparing;
  while (fs::exists(place_.directory) && steady_now() < deadline) fs::remove_all(place_.directory, ignored);
}

std::unique_ptr<Process> DatabaseServer::launch(const std::vector<std::string>& command) const {
  return std::make_unique<Process>(without_root(command), log(), log());
}

Status DatabaseServer::start(std::chrono::milliseconds patience) {
  auto command = recipe_->command(place_);
  command.insert(command.end(), extra_.begin(), extra_.end());
  const SteadyTime deadline = steady_now() + patience;
  process_ = launch(command);
  while (!recipe_->is_ready(place_, process_->id())) {
    if (steady_now() > deadline) return fail("bench", command.front() + " is not ready\n" + log_tail());
    const auto end = process_->wait(kAskAgain);
    if (!end) continue;
    // A killed PostgreSQL leaves children that hold its shared memory for a moment: a start meanwhile gives up.
    if (!was_killed_) return fail("bench", fmt::format("{}: {}\n{}", command.front(), end->text(), log_tail()));
    process_ = launch(command);
  }
  was_killed_ = false;
  return done();
}

Status DatabaseServer::stop(std::chrono::milliseconds patience) {
  if (!process_) return done();
  process_->signal(recipe_->stop_signal());
  const bool ended = process_->wait(patience).has_value();
  process_.reset();
  return ended ? done() : Status(fail("bench", "a database server is still there after its stop signal"));
}

void DatabaseServer::kill() {
  was_killed_ = process_ != nullptr;
  process_.reset();
}

std::string DatabaseServer::log_tail() const {
  std::ifstream in(log());
  std::deque<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
    if (lines.size() > kTailLines) lines.pop_front();
  }
  return fmt::format("{}", fmt::join(lines, "\n"));
}

}  // namespace v2x::world
