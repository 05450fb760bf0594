#include "sim/site/simulation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/jst.hpp"

namespace v2x::site {

Simulation::Simulation(const MessagingContext& messaging, core::Kernel& kernel, const SimulationOptions& options)
    : kernel_(kernel),
      quantities_(contracts::QuantityCatalogue::load()),
      faults_(contracts::FaultCatalogue::load()),
      acts_("acts", kernel),
      shared_{quantities_,
              faults_,
              acts_,
              messaging,
              options.telemetry,
              options.data,
              options.seed,
              options.present ? options.present : [&kernel] { return kernel.now(); }} {
  for (SiteConfig& config : read_sites(options.world, quantities_, maps_)) {
    sites_.push_back(std::make_unique<Site>(std::move(config), shared_));
    Site& site = *sites_.back();
    if (!options.telemetry.endpoint.empty() && !site.config().gateway.external)
      site.boot_gateway(telemetry::BOOT_REASON_POWER_ON);
    modules_.push_back(std::make_unique<SiteModule>(site.name().c_str(), kernel, site));
    index_paths(site);
  }
}

Simulation::~Simulation() = default;

Site* Simulation::find(const std::string& name) {
  for (const auto& site : sites_)
    if (site->name() == name) return site.get();
  return nullptr;
}

void Simulation::index_paths(Site& site) {
  house::House& house = site.house();
  paths_.add(site.name(), house.site_table());
  paths_.add(site.name() + ".ev", house.car_table());
  paths_.add(site.name() + ".gateway", site.gateway().quantities());
  for (const house::UnitConfig& unit : site.config().house.units) {
    const core::QuantityTable& table = house.unit(unit.name).quantities();
    const std::string prefix = site.name() + "." + unit.name;
    paths_.add(prefix, table);
    watch(prefix, "state");
    watch(prefix, "fault");
  }
  watch(site.name() + ".grid", "state");
}

void Simulation::watch(const std::string& who, const std::string& what) {
  const auto target = paths_.find(who + "." + what);
  if (target) watched_.push_back({who, what, *target, target->table->text(target->slot)});
}

std::optional<std::string> Simulation::observe(Json& events, bool exactly) {
  if (exactly || trace_)
    for (const auto& site : sites_) site->house();
  if (trace_) trace_->sample(kernel_.now());
  for (Watched& watched : watched_) {
    std::string value = watched.target.table->text(watched.target.slot);
    if (value == watched.last) continue;
    tell(watched, value, events);
    watched.last = std::move(value);
  }
  for (const auto& site : sites_)
    if (auto breach = site->breach()) return breach;
  return std::nullopt;
}

void Simulation::tell(const Watched& watched, const std::string& value, Json& events) const {
  const auto add = [&](Json members) {
    members.update({{"t", format_time(kernel_.now())}, {"what", watched.what}, {"who", watched.who}});
    events.push_back(std::move(members));
  };
  if (watched.what == "state") return add({{"from", watched.last}, {"to", value}});
  if (!watched.last.empty()) add({{"code", watched.last}, {"raised", false}});
  if (!value.empty()) add({{"code", value}, {"raised", true}});
}

Status Simulation::trace(const std::string& file, const std::vector<std::string>& prefixes) {
  trace_.reset();
  if (file.empty()) return done();
  std::vector<std::pair<std::string, PathTarget>> signals;
  for (const std::string& path : paths_.paths()) {
    const auto begins = [&](const std::string& prefix) { return path.starts_with(prefix); };
    if (prefixes.empty() || std::any_of(prefixes.begin(), prefixes.end(), begins))
      signals.emplace_back(path, *paths_.find(path));
  }
  if (signals.empty()) return fail("bad_argument", "no path begins like that, expected a site, a unit or a quantity");
  auto trace = VcdTrace::open(file, signals, kernel_.now());
  if (!trace) return fail(trace.error());
  trace_ = std::move(*trace);
  return done();
}

void Simulation::run_uplinks() {
  open();
  take_in_pending();
}

void Simulation::take_in_pending() {
  constexpr Duration kLookIn = std::chrono::milliseconds(100);  // how long a frame of the backend may wait
  for (const auto& site : sites_)
    while (CurveDealer* dealer = site->uplink().dealer()) {
      const auto frame = dealer->receive(std::chrono::milliseconds(0));
      if (!frame) break;
      site->deliver(*frame);
    }
  acts_.at(kernel_.now() + kLookIn, [this] { take_in_pending(); });
}

void Simulation::open() {
  for (const auto& site : sites_) site->open_uplink();
}

void Simulation::close() {
  for (const auto& site : sites_) site->close_uplink();
}

std::uint64_t Simulation::frames_sent() const {
  std::uint64_t sent = 0;
  for (const auto& site : sites_) sent += site->frames_sent();
  return sent;
}

Status Simulation::take_in(std::uint64_t frames, std::chrono::milliseconds deadline) {
  const SteadyTime end = steady_now() + deadline;
  std::vector<std::vector<std::string>> inbox(sites_.size());
  for (std::uint64_t taken = 0; taken < frames;) {
    std::vector<CurveDealer*> dealers;
    const std::uint64_t before = taken;
    for (size_t i = 0; i < sites_.size(); ++i) {
      CurveDealer* dealer = sites_[i]->uplink().dealer();
      if (!dealer) continue;
      dealers.push_back(dealer);
      for (; taken < frames; ++taken) {
        auto frame = dealer->receive(std::chrono::milliseconds(0));
        if (!frame) break;
        inbox[i].push_back(std::move(*frame));
      }
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - steady_now());
    if (taken == before && (left.count() <= 0 || !CurveDealer::wait_any(dealers, left)) && steady_now() >= end)
      return fail("deadline", fmt::format("{} of {} frames that the backend sent came in", taken, frames));
  }
  for (size_t i = 0; i < sites_.size(); ++i)
    for (const std::string& frame : inbox[i]) sites_[i]->deliver(frame);
  return done();
}

std::vector<std::string> Simulation::waiting_for_welcome() const {
  std::vector<std::string> names;
  for (const auto& site : sites_)
    if (site->waits_for_welcome()) names.push_back(site->name());
  return names;
}

}  // namespace v2x::site
