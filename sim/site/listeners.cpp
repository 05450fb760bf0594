#include "sim/site/listeners.hpp"

namespace v2x::site {
namespace {

constexpr std::uint64_t kNeverPublished = ~0ULL;

}  // namespace

Listeners::Listeners(Simulation& simulation, core::Door& door, std::uint16_t first_port) {
  std::uint16_t port = first_port;
  for (const auto& site : simulation.sites()) {
    std::vector<core::ModbusTcpServer::Unit> served;
    const auto& on_bus = site->config().gateway.units;
    for (size_t i = 0; i < on_bus.size(); ++i) {
      const auto write = [&door, site = site.get(), i](std::uint16_t first, std::span<const std::uint16_t> values) {
        auto verdict = core::ModbusException::none;
        door.run([&] { verdict = site->registers(i).write(first, values); });
        return verdict;
      };
      units_.push_back({site.get(), i, kNeverPublished, std::make_unique<core::PublishedUnit>(*on_bus[i].map, write)});
      served.push_back({on_bus[i].unit_id, units_.back().unit.get()});
    }
    publish();
    core::ModbusTcpServer::Options options;
    options.port = port++;
    servers_.push_back(std::make_unique<core::ModbusTcpServer>(options, served));
  }
}

void Listeners::publish() {
  for (Unit& unit : units_) {
    const std::uint64_t revision = unit.site->device(unit.index).quantities().revision();
    if (revision == unit.published_revision) continue;
    unit.unit->publish(unit.site->registers(unit.index).snapshot());
    unit.published_revision = revision;
  }
}

}  // namespace v2x::site
