// All sites of a world in one kernel, with the things that only the simulated have: pins, truth, ledgers, digests.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/act_queue_module.hpp"
#include "sim/site/condition.hpp"
#include "sim/site/site_module.hpp"
#include "sim/site/uplinks.hpp"
#include "sim/site/vcd_trace.hpp"

namespace v2x::site {

struct SimulationOptions {
  std::filesystem::path world;
  Time start;
  std::uint64_t seed = 1;
  TelemetryEndpoint telemetry = {};
  std::filesystem::path data;
  std::function<Time()> present = {};  ///< service time, for any thread; default: the kernel's
};

/// Belongs to the kernel's thread.
class Simulation final : public Uplinks {
 public:
  Simulation(const MessagingContext& messaging, core::Kernel& kernel, const SimulationOptions& options);
  ~Simulation() override;

  std::vector<std::unique_ptr<Site>>& sites() { return sites_; }
  const PathIndex& paths() const { return paths_; }
  core::Scheduler& scheduler() { return acts_; }
  /// nullptr when there is no site of this name.
  Site* find(const std::string& site);

  /// To run after every instant: notes changes of state and fault, and tells the first broken invariant. `exactly`:
  /// all quantities are brought up to date; without it what grows between two changes may lag.
  std::optional<std::string> observe(Json& events, bool exactly);

  /// Writes quantities whose path begins with one of `prefixes` (all, when there are none) into a value change dump
  /// from now on; an empty `file` ends it.
  Status trace(const std::string& file, const std::vector<std::string>& prefixes);
  /// On the wall clock: connects the gateways to the backend and hands them what comes.
  void run_uplinks();

  // Uplinks:
  void open() override;
  void close() override;
  std::uint64_t frames_sent() const override;
  Status take_in(std::uint64_t frames, std::chrono::milliseconds deadline) override;
  std::vector<std::string> waiting_for_welcome() const override;

 private:
  /// A `state` or `fault` whose changes are told as events.
  struct Watched {
    std::string who;   ///< "home.pcs1"
    std::string what;  ///< "state", "fault"
    PathTarget target;
    std::string last;
  };
  void take_in_pending();
  void index_paths(Site& site);
  void watch(const std::string& who, const std::string& what);
  void tell(const Watched& watched, const std::string& value, Json& events) const;

  core::Kernel& kernel_;
  contracts::QuantityCatalogue quantities_;
  contracts::FaultCatalogue faults_;
  RegisterMaps maps_;
  core::ActQueueModule acts_;
  Shared shared_;
  std::vector<std::unique_ptr<Site>> sites_;
  std::vector<std::unique_ptr<SiteModule>> modules_;
  PathIndex paths_;
  std::vector<Watched> watched_;
  std::optional<VcdTrace> trace_;
};

}  // namespace v2x::site
