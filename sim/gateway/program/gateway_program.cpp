#include "sim/gateway/program/gateway_program.hpp"

#include <fmt/format.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>

#include "common/log.hpp"
#include "sim/gateway/program/serial_line.hpp"

namespace v2x::gateway::program {
namespace {

constexpr std::chrono::seconds kLookUp{1};        // default: how long nothing is looked at when nothing happens
constexpr std::chrono::milliseconds kUnits{500};  // default: what units get to connect before the first poll

/// Blocked before any thread starts, so that they arrive in the loop and nowhere else.
core::Socket take_over_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) sigaddset(&set, number);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return core::checked_socket(::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC), "signals");
}

Spool::Options spool_options(const ProgramConfig& config, std::uint64_t seed) {
  return {config.spool, Spool::Durability::power, config.gateway.spool_days, {seed, config.gateway.id, 0}};
}

}  // namespace

GatewayProgram::GatewayProgram(const ProgramConfig& config, const RealtimeClock& clock, std::uint64_t seed)
    : config_(config),
      clock_(clock),
      quantities_(contracts::QuantityCatalogue::load()),
      faults_(contracts::FaultCatalogue::load()),
      signals_(take_over_signals()),
      spool_(spool_options(config, seed)),
      service_(messaging_, config.service, config.keys),
      gateway_(config.gateway, open_ports(), quantities_, faults_, seed),
      contact_(config.contact_input) {}

AnswerWatch GatewayProgram::watch_of(size_t unit) const {
  const GatewayUnit& known = config_.gateway.units[unit];
  return AnswerWatch(fmt::format("{} ({}, unit id {})", known.name, config_.addresses[unit].text, known.unit_id));
}

GatewayPorts GatewayProgram::open_ports() {
  GatewayPorts ports{{}, spool_, service_};
  std::map<std::string, SerialLine*> lines;
  for (size_t i = 0; i < config_.addresses.size(); ++i) {
    const UnitAddress& address = config_.addresses[i];
    core::ModbusPort* port = nullptr;
    if (address.serial_device.empty()) {
      auto tcp = std::make_unique<TcpPort>(address.tcp, watch_of(i));
      port = tcp.get();
      links_.push_back(std::move(tcp));
    } else {
      SerialLine*& line = lines[address.serial_device];
      if (!line) {
        auto serial = std::make_unique<SerialLine>(address.serial_device, config_.serial.at(address.serial_device),
                                                   config_.gateway.poll.request_timeout);
        line = serial.get();
        links_.push_back(std::move(serial));
      }
      port = &line->add_unit(watch_of(i));
    }
    port->on_reply_pending([this, i] { gateway_.on_reply(i, clock_.now()); });
    ports.buses.push_back(port);
  }
  return ports;
}

void GatewayProgram::run() {
  log::info("gateway {} with {} units, spool {} with {} records", config_.gateway.id, config_.gateway.units.size(),
            config_.spool.string(), spool_.size());
  wait_for_units();
  gateway_.boot(clock_.now(), telemetry::BOOT_REASON_POWER_ON);
  while (!stopping_) {
    apply(service_.tend(steady_now()));
    const auto wake = gateway_.next_wake();
    if (wake && clock_.now() >= *wake) gateway_.wake(clock_.now());
    service_.note_welcome(gateway_.welcomed(), steady_now());
    wait(next_deadline());
    take_signals();
    serve_service();
    if (contact_.changed(steady_now())) gateway_.set_contact_input(clock_.now(), contact_.closed());
  }
  gateway_.power_off(clock_.now());
  log::info("gateway {} stops, {} records wait in the spool", config_.gateway.id, spool_.size());
}

/// The first poll would find no connection yet.
void GatewayProgram::wait_for_units() {
  const SteadyTime until = steady_now() + kUnits;
  const auto all_up = [this] { return std::all_of(links_.begin(), links_.end(), [](auto& l) { return l->is_up(); }); };
  do {
    wait(std::min(until, next_deadline()));
    take_signals();
  } while (!stopping_ && !all_up() && steady_now() < until);
}

SteadyTime GatewayProgram::next_deadline() const {
  SteadyTime next = steady_now() + kLookUp;
  if (const auto wake = gateway_.next_wake()) next = std::min(next, clock_.deadline(*wake));
  if (const auto deadline = service_.next_deadline()) next = std::min(next, *deadline);
  for (const auto& link : links_)
    if (const auto deadline = link->next_deadline()) next = std::min(next, *deadline);
  return next;
}

void GatewayProgram::wait(SteadyTime until) {
  std::vector<pollfd> waits{{signals_.fd(), POLLIN, 0}};
  std::vector<size_t> begins;
  for (const auto& link : links_) {
    begins.push_back(waits.size());
    link->add_waits(waits);
  }
  begins.push_back(waits.size());
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_now());
  WatchedDealer::wait(service_.dealer(), waits, std::max(left, std::chrono::milliseconds(0)));
  const SteadyTime now = steady_now();
  for (size_t i = 0; i < links_.size(); ++i)
    links_[i]->serve(std::span(waits).subspan(begins[i], begins[i + 1] - begins[i]), now);
}

void GatewayProgram::take_signals() {
  signalfd_siginfo signal{};
  while (::read(signals_.fd(), &signal, sizeof signal) == static_cast<ssize_t>(sizeof signal)) {
    switch (signal.ssi_signo) {
      case SIGHUP:
        apply(service_.rotate(steady_now()));
        break;
      case SIGUSR1:
        gateway_.confirm_units(clock_.now());
        log::info("the units that are on the bus now belong to this gateway");
        break;
      default:
        stopping_ = true;
    }
  }
}

void GatewayProgram::serve_service() {
  while (const auto frame = service_.take_frame()) gateway_.on_downlink(clock_.now(), *frame);
}

void GatewayProgram::apply(ServiceLine::Change change) {
  if (change == ServiceLine::Change::up) gateway_.on_connected(clock_.now());
  if (change == ServiceLine::Change::down) gateway_.on_disconnected(clock_.now());
}

}  // namespace v2x::gateway::program
