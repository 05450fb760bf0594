// All boxes of one scenario: directories, ports, keys, the mail sink, the backend, the simulator.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "common/scratch_directory.hpp"
#include "harness/actors/smtp_sink.hpp"
#include "harness/scenario/world_file.hpp"
#include "harness/world/box.hpp"
#include "harness/world/port_block.hpp"
#include "harness/world/weather_file.hpp"

namespace v2x::world {

/// The wall clock instead of lockstep: both boxes share `epoch` and speed.
struct Realtime {
  std::string epoch;  ///< "TIME@MONOTONIC_NS"
  double speed = 1;
  int modbus_port = 0;  ///< of the first site
};

struct StageOptions {
  std::filesystem::path programs;  ///< where v2x-backend and v2x-sim are
  std::filesystem::path logs;
  Time start{};
  std::uint64_t seed = 1;
  bool keep = false;
  std::optional<Realtime> realtime;
  Patience patience;
};

/// One scenario's. Belongs to one thread; whatever it started is gone when it goes.
class Stage {
 public:
  /// Makes directories, takes ports, starts the mail sink. Throws BadInput when that is impossible.
  Stage(const scenario::World& world, const StageOptions& options);
  ~Stage();

  /// Keys and the import of the gateways into an empty data directory.
  Status make_gateways();
  /// One command of the operator on the backend's data, beside the running service: `words` without program and data
  /// directory, like {"accounts", "lock", "hanako@example.jp"}. Error "bench" with what it printed when it was refused.
  Status operate(std::vector<std::string> words);
  Result<Json> start_backend();
  /// The backend must have run once: its key is needed. In lockstep it follows the backend from now on.
  Result<Json> start_simulator();
  /// All that run, in order; an Error for the first that doesn't end as it should.
  Status stop_all();

  Box& backend() { return backend_; }
  Box& simulator() { return simulator_; }
  actors::SmtpSink& sink() { return sink_; }
  WeatherFile& weather() { return weather_; }
  const Patience& patience() const { return options_.patience; }
  std::uint64_t seed() const { return options_.seed; }
  int http_port() const { return ports_.port(0); }
  /// The first box that died although nobody wanted it to.
  std::optional<std::string> died_unasked();
  /// What the set-up of a world leaves behind: the backend's data and the keys.
  std::filesystem::path state() const { return scratch_.path() / "state"; }
  std::filesystem::path keys() const { return state() / "keys"; }
  const std::filesystem::path& scratch() const { return scratch_.path(); }

 private:
  std::vector<std::string> backend_command() const;
  std::vector<std::string> simulator_command() const;
  std::string endpoint(const std::string& name) const;
  std::vector<std::string> clock_words() const;
  std::filesystem::path data() const { return state() / "backend"; }

  const scenario::World& world_;
  StageOptions options_;
  ScratchDirectory scratch_;
  PortBlock ports_;
  actors::SmtpSink sink_;
  MessagingContext context_;
  Box backend_;
  Box simulator_;
  WeatherFile weather_;
};

}  // namespace v2x::world
