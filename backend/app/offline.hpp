// The stores as an operator's command opens them, whether or not a service runs on them.
#pragma once

#include <filesystem>

#include "backend/app/core.hpp"

namespace v2x::app {

/// The clock stands at what was committed last, so that it stays the service's. Throws BadInput when the data
/// directory cannot be opened.
struct Offline {
  explicit Offline(const BackendOptions& options)
      : clock((std::filesystem::create_directories(options.data), store::newest_commit(options.registry_url()))),
        core(options, clock) {}
  SteppedClock clock;
  Core core;
};

}  // namespace v2x::app
