// A device without a model: its quantities are what a test sets, writes are taken over as they come.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "contracts/quantity_catalogue.hpp"
#include "sim/core/device.hpp"
#include "sim/core/register_map.hpp"

namespace v2x::core {

inline const contracts::QuantityCatalogue& catalogue() {
  static const auto loaded = contracts::QuantityCatalogue::load();
  return loaded;
}

inline const RegisterMap& shipped_map(const std::string& name) {
  static std::map<std::string, RegisterMap> maps;
  const auto found = maps.find(name);
  return found != maps.end() ? found->second
                             : maps.emplace(name, RegisterMap::load_named(name, catalogue())).first->second;
}

class FakeDevice final : public Device {
 public:
  explicit FakeDevice(const std::string& kind) : table(catalogue(), kind) {}

  const QuantityTable& quantities() const override { return table; }
  ModbusException write(std::span<const QuantityWrite> writes) override {
    if (verdict != ModbusException::none) return verdict;
    for (const QuantityWrite& write : writes) {
      table.set(write.slot, write.value);
      written.push_back(table.quantity(write.slot).name);
      groups.emplace_back(write.group);
    }
    return verdict;
  }
  void set(const std::string& name, double value) { table.set(table.slot(name), value); }

  QuantityTable table;
  ModbusException verdict = ModbusException::none;
  std::vector<std::string> written;
  std::vector<std::string> groups;
};

}  // namespace v2x::core
