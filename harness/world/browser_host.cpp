#include "harness/world/browser_host.hpp"

namespace v2x::world {

BrowserHost::Running::Running(const std::filesystem::path& logs)
    : ports(PortBlock::default_locks()), driver(ports.port(0), logs), chromiums(ports.port(0), profiles.path()) {}

BrowserHost::~BrowserHost() {
  if (!running_) return;
  running_->chromiums.clear();
  (void)running_->driver.stop(patience_.stop);  // the run has its verdict; what doesn't end is killed
}

Status BrowserHost::start() {
  if (!running_) {
    std::filesystem::create_directories(logs_);
    running_ = std::make_unique<Running>(logs_);
  }
  return running_->driver.runs() ? done() : running_->driver.start(patience_.start);
}

std::optional<std::string> BrowserHost::died_unasked() {
  auto end = running_ ? running_->driver.died_unasked() : std::nullopt;
  if (end) running_->chromiums.clear();
  return end;
}

}  // namespace v2x::world
