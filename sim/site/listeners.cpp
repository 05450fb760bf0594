#include "sim/site/listeners.hpp"

namespace v2x::site {
namespace {

constexpr std::uint64_t kNeverPublished = ~0ULL;
constexpr Duration kRefresh = std::chrono::seconds(1);  // what only a reader notices: heartbeat, clock

void publish_every(Duration period, core::Scheduler& scheduler, std::function<void()> publish) {
  publish();
  scheduler.at(scheduler.now() + period,
               [period, &scheduler, publish = std::move(publish)] { publish_every(period, scheduler, publish); });
}

}  // namespace

Listeners::Listeners(Simulation& simulation, OnKernel on_kernel, std::uint16_t first_port, Refresh refresh)
    : on_kernel_(std::move(on_kernel)) {
  std::uint16_t next_port = first_port;
  for (const auto& site : simulation.sites()) open(*site, next_port);
  if (refresh == Refresh::always) publish_every(kRefresh, simulation.scheduler(), [this] { publish(); });
  server_.start();
}

void Listeners::open(Site& site, std::uint16_t& next_port) {
  const auto& on_bus = site.config().gateway.units;
  const BusConfig& config = site.config().bus;
  std::vector<core::ModbusServer::Unit> served;
  for (size_t i = 0; i < on_bus.size(); ++i) {
    const auto write_through = [this, &site, i, published = units_.size()](std::uint16_t first,
                                                                           std::span<const std::uint16_t> values) {
      return write(site, i, published, first, values);
    };
    units_.push_back({&site, i, kNeverPublished, std::make_unique<core::PublishedUnit>(*on_bus[i].map, write_through)});
    served.push_back({on_bus[i].unit_id, units_.back().unit.get(), &site.conduct(i)});
  }
  core::BusOptions tcp = config.tcp;
  core::BusOptions rtu = config.rtu;
  tcp.seed = rtu.seed = site.shared().seed;
  tcp.owner = site.name() + " tcp";
  rtu.owner = site.name() + " rtu";
  core::TcpEndpoint::Options port = config.port;
  const auto take_port = [&](const std::vector<core::ModbusServer::Unit>& behind) {
    port.port = next_port;
    if (next_port != 0) ++next_port;
    return static_cast<int>(server_.add_tcp(port, tcp, behind));
  };
  const std::string pty = server_.add_serial(config.serial_device, rtu, served);
  addresses_.emplace_back();
  const int shared_port = config.port_per_unit ? 0 : take_port(served);
  for (const auto& unit : served)
    addresses_.back().push_back({config.port_per_unit ? take_port({unit}) : shared_port, pty});
}

/// Published at once, so that the master's next read sees what it wrote.
core::ModbusException Listeners::write(Site& site, size_t index, size_t published, std::uint16_t first,
                                       std::span<const std::uint16_t> values) {
  auto verdict = core::ModbusException::none;
  on_kernel_([&] {
    verdict = site.registers(index).write(first, values);
    publish(units_[published]);
  });
  return verdict;
}

void Listeners::publish(Unit& unit) {
  const std::uint64_t revision = unit.site->device(unit.index).quantities().revision();
  if (revision == unit.published_revision) return;
  core::RegisterImage& image = unit.site->registers(unit.index);
  unit.unit->publish(image.snapshot(), image.life());
  unit.published_revision = revision;
}

void Listeners::publish() {
  for (Unit& unit : units_) publish(unit);
}

}  // namespace v2x::site
