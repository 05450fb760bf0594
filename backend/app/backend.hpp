// The running service: the core, its listeners, its threads.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "backend/app/core.hpp"
#include "backend/app/duty_thread.hpp"
#include "backend/app/happenings.hpp"
#include "backend/app/paced_clock.hpp"
#include "backend/app/stepper.hpp"
#include "backend/ingest/server.hpp"
#include "backend/web/metrics_listener.hpp"
#include "backend/web/server.hpp"

namespace v2x::app {

/// Owned by main. Runs the roles that it is told. Threads: "ingest", "timers", "mail" on the wall clock, "control" when
/// asked for, "metrics", and the web's own. With a stepped clock "control" does the work of the first three.
class Backend {
 public:
  /// Opens stores and binds listeners. Throws BadInput.
  explicit Backend(const BackendOptions& options);
  ~Backend();
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;

  void start();
  void stop();
  /// One line for each listener, with its real port.
  std::vector<std::string> listeners() const;

 private:
  bool has(Role role) const { return options_.roles.contains(role); }
  int http_port() const { return web_ ? web_->port() : options_.http_port; }
  void start_duties();
  void observe_registry();
  void wake_duties();
  std::string metrics() const;
  const Clock& clock() const;
  void add_verbs();
  void serve_control();

  const BackendOptions options_;
  std::unique_ptr<SteppedClock> stepped_clock_;  // exactly one of the two
  std::unique_ptr<PacedClock> paced_clock_;
  Core core_;
  MessagingContext context_;
  const CurveKeyPair keys_;
  std::unique_ptr<ingest::Server> ingest_;  // null without the role
  std::unique_ptr<web::Server> web_;        // likewise

  DutyRoster stepped_duties_;
  Happenings happenings_;
  std::optional<Stepper> stepper_;
  // On the wall clock, each with its role.
  std::optional<DutyThread> timers_;
  std::optional<DutyThread> mail_;

  std::unique_ptr<ControlServer> control_;
  std::atomic<bool> stopping_{false};
  std::thread ingest_thread_;
  std::thread control_thread_;
  std::unique_ptr<web::MetricsListener> metrics_;
};

}  // namespace v2x::app
