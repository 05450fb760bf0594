#include "harness/world/chromedriver.hpp"

#include <csignal>

#include "common/bad_input.hpp"
#include "common/clock.hpp"
#include "harness/actors/web_driver.hpp"
#include "harness/world/program.hpp"

namespace v2x::world {
namespace {

constexpr std::chrono::milliseconds kAskAgain{20};  // a refused connection costs nothing

std::filesystem::path chromedriver_program() {
  if (const auto program = find_program("chromedriver")) return *program;
  throw BadInput("chromedriver: is not in PATH, expected Debian's chromium-driver (make deps)");
}

}  // namespace

Status Chromedriver::start(std::chrono::milliseconds patience) {
  const std::vector<std::string> command{chromedriver_program().string(), "--port=" + std::to_string(port_)};
  process_ = std::make_unique<Process>(command, logs_ / "chromedriver.out", logs_ / "chromedriver.log");
  const SteadyTime deadline = steady_now() + patience;
  while (!actors::driver_is_ready(port_)) {
    if (const auto end = process_->wait(kAskAgain)) return fail("bench", "chromedriver ended with " + end->text());
    if (steady_now() > deadline) return fail("bench", "chromedriver takes no sessions");
  }
  return done();
}

Status Chromedriver::stop(std::chrono::milliseconds patience) {
  if (!process_) return done();
  process_->signal(SIGTERM);
  const bool ended = process_->wait(patience).has_value();
  process_.reset();
  return ended ? done() : Status(fail("bench", "chromedriver is still there after SIGTERM"));
}

std::optional<std::string> Chromedriver::died_unasked() {
  if (!process_ || !process_->exited()) return std::nullopt;
  const std::string end = process_->exited()->text();
  process_.reset();
  return "chromedriver died unasked: " + end;
}

}  // namespace v2x::world
