#include "sim/site/digest.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>

namespace v2x::site {
namespace {

/// FNV-1a over 64 bits.
class Fold {
 public:
  void add(std::uint64_t value) {
    for (int i = 0; i < 8; ++i) hash_ = (hash_ ^ ((value >> (8 * i)) & 0xFF)) * 0x100000001B3ULL;
  }
  std::string text() const { return fmt::format("{:016x}", hash_); }

 private:
  std::uint64_t hash_ = 0xCBF29CE484222325ULL;
};

void fold_registers(Site& site, size_t unit, Fold& fold) {
  core::RegisterImage& image = site.registers(unit);
  for (const core::Block& block : site.config().gateway.units[unit].map->blocks()) {
    std::vector<std::uint16_t> values(block.length);
    const bool read = image.read(block.address, values) == core::ModbusException::none;
    for (const std::uint16_t value : values) fold.add(read ? value : 0x10000ULL);
  }
}

void fold_counters(const core::QuantityTable& table, Fold& fold) {
  for (core::Slot slot = 0; slot < table.size(); ++slot)
    if (table.quantity(slot).unit == "Wh" && table.has(slot))
      fold.add(static_cast<std::uint64_t>(std::floor(table.number(slot))));
}

}  // namespace

Json digest(Simulation& simulation) {
  Fold registers;
  Fold counters;
  for (const auto& site : simulation.sites()) {
    for (size_t unit = 0; unit < site->config().house.units.size(); ++unit) {
      fold_registers(*site, unit, registers);
      fold_counters(site->device(unit).quantities(), counters);
    }
    fold_counters(site->house().site_table(), counters);
  }
  return {{"registers", registers.text()}, {"counters", counters.text()}};
}

}  // namespace v2x::site
