// A gateway on the wall clock: its units on TCP and serial lines, its service, signals.
#pragma once

#include <csignal>
#include <memory>
#include <vector>

#include "common/clock.hpp"
#include "common/messaging.hpp"
#include "sim/gateway/gateway.hpp"
#include "sim/gateway/program/contact_input.hpp"
#include "sim/gateway/program/program_config.hpp"

namespace v2x::gateway::program {

/// One thread does all of it and waits in one place, so nothing here is shared. ZeroMQ has a thread of its own.
class GatewayProgram {
 public:
  /// Takes SIGTERM, SIGINT, SIGHUP and SIGUSR1 of the whole process from here on. Throws BadInput when the spool or a
  /// serial line can't be opened. `config` and `clock` outlive it.
  GatewayProgram(const ProgramConfig& config, const RealtimeClock& clock, std::uint64_t seed);

  /// Until SIGTERM or SIGINT.
  void run();

 private:
  GatewayPorts open_ports();
  AnswerWatch watch_of(size_t unit) const;
  void wait(SteadyTime until);
  void wait_for_units();
  void take_signals();
  void serve_service();
  void apply(ServiceLine::Change change);
  SteadyTime next_deadline() const;

  const ProgramConfig& config_;
  const RealtimeClock& clock_;
  contracts::QuantityCatalogue quantities_;
  contracts::FaultCatalogue faults_;
  core::Socket signals_;  ///< signalfd
  MessagingContext messaging_;
  Spool spool_;
  ServiceLine service_;
  std::vector<std::unique_ptr<BusLink>> links_;
  Gateway gateway_;
  ContactInput contact_;
  bool stopping_ = false;
};

}  // namespace v2x::gateway::program
