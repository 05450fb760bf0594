// What people act through with `--via browser`, for one worker and all its scenarios: chromedriver and its Chromiums.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "common/scratch_directory.hpp"
#include "harness/actors/chromium_pool.hpp"
#include "harness/world/box.hpp"
#include "harness/world/chromedriver.hpp"
#include "harness/world/port_block.hpp"

namespace v2x::world {

/// Belongs to one thread. Nothing runs and no port is taken before start(); whatever was started is gone when it goes.
class BrowserHost {
 public:
  /// `logs` gets what chromedriver says.
  BrowserHost(std::filesystem::path logs, const Patience& patience) : logs_(std::move(logs)), patience_(patience) {}
  ~BrowserHost();
  BrowserHost(const BrowserHost&) = delete;
  BrowserHost& operator=(const BrowserHost&) = delete;

  /// Nothing when it runs already. Throws BadInput when chromedriver is not installed, or there is no port for it.
  Status start();
  /// How chromedriver ended although nobody wanted it to; start() starts it anew.
  std::optional<std::string> died_unasked();
  /// After start().
  actors::ChromiumPool& chromiums() { return running_->chromiums; }

 private:
  struct Running {
    explicit Running(const std::filesystem::path& logs);
    ScratchDirectory profiles;
    PortBlock ports;
    Chromedriver driver;
    actors::ChromiumPool chromiums;
  };

  std::filesystem::path logs_;
  Patience patience_;
  std::unique_ptr<Running> running_;
};

}  // namespace v2x::world
