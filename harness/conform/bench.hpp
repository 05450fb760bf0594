// What a case works with: the service, the units, the owner, and waits that explain themselves.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "harness/conform/finding.hpp"
#include "harness/conform/owner.hpp"
#include "harness/conform/service.hpp"
#include "harness/conform/units.hpp"
#include "harness/run/record.hpp"

namespace v2x::conform {

/// Belongs to the suite's thread.
class Bench {
 public:
  using Milliseconds = std::chrono::milliseconds;

  struct Patience {
    Milliseconds gateway{90'000};  ///< for what a gateway does by its own time-outs: Hello, resend
    Milliseconds polls{30'000};    ///< until a change on a unit's bus is in a sample
  };
  struct KeyFiles {
    std::filesystem::path directory;  ///< gets new keys for rotation
    std::set<std::string> accepted;   ///< public keys of the gateway
  };

  Bench(Service& service, Units& units, Owner& owner, const Clock& clock, Patience patience, KeyFiles keys);

  Service& service() { return service_; }
  Units& units() { return units_; }
  const Patience& patience() const { return patience_; }
  Time now() const { return clock_.now(); }

  /// Everything as in daily life, and one sample of it acknowledged: then the case may begin.
  void settle();
  /// Where the arrivals of this moment begin.
  size_t mark() const { return service_.arrivals().size(); }

  /// What happens next in the record. `text` is what a person reads.
  void act(const std::string& who, const std::string& text);
  /// The next arrival from `from` on for which `fits`; a Finding after `within`. `what` completes "waited for".
  const Arrival& wait(const std::string& what, Milliseconds within, size_t from,
                      const std::function<bool(const Arrival&)>& fits);
  /// Serves for so long.
  void watch(Milliseconds time);
  /// A Finding unless it holds.
  void demand(bool holds, const std::string& expected, const std::string& seen);

  // What most cases wait for.
  telemetry::Hello hello(size_t from, const std::string& why);
  telemetry::Batch batch(size_t from, const std::string& what = "a batch");
  telemetry::Sample sample(size_t from, const std::string& what,
                           const std::function<bool(const telemetry::Sample&)>& fits) {
    return sample_within(patience_.polls, from, what, fits);
  }
  telemetry::Sample sample_within(Milliseconds within, size_t from, const std::string& what,
                                  const std::function<bool(const telemetry::Sample&)>& fits);
  /// The line is lost and comes back: a new Hello.
  telemetry::Hello reconnect(const std::string& why);

  /// Has it done by the owner, and goes on serving meanwhile.
  void owner_does(Hook hook, const HookValues& values = {});
  /// Sends a command that expires `lives` from now, and waits for its result.
  telemetry::CommandResult command(const std::string& text, const std::function<void(telemetry::Command&)>& fill,
                                   Milliseconds lives = Milliseconds(60'000));
  telemetry::Down make_command(const std::function<void(telemetry::Command&)>& fill, Milliseconds lives);
  telemetry::CommandResult result_of(std::uint64_t correlation_id, size_t from, Milliseconds within);

  /// The gateway's number of a unit, by its serial; a Finding when it does not list it.
  std::uint32_t unit_no(const UnitInfo& unit);
  const std::set<std::string>& accepted_keys() const { return keys_.accepted; }
  /// A new key pair's file; its public key is accepted beside the others from now on.
  std::filesystem::path new_key(std::string& public_key);
  void accept_only(const std::string& public_key);

  /// Lines of the record from now on; may be null.
  void record_to(run::Record* record) { record_ = record; }

 private:
  void remember_units();

  Service& service_;
  Units& units_;
  Owner& owner_;
  const Clock& clock_;
  Patience patience_;
  KeyFiles keys_;
  run::Record* record_ = nullptr;
  int steps_ = 0;
  std::uint64_t last_command_ = 0;
  size_t units_seen_ = 0;                          ///< arrivals already looked at
  std::map<std::string, std::uint32_t> unit_nos_;  ///< by serial, as told last
};

std::int64_t to_ms(Time t);
const telemetry::UnitSample* line_of(const telemetry::Sample& sample, std::uint32_t unit_no);
/// Whether the batch has an event of this kind.
const telemetry::Event* event_in(const telemetry::Batch& batch, telemetry::EventKind kind);

}  // namespace v2x::conform
