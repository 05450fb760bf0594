#include "sim/core/published_unit.hpp"

#include <algorithm>

namespace v2x::core {

PublishedUnit::PublishedUnit(const RegisterMap& map, Write write)
    : map_(map), write_(std::move(write)), snapshot_(std::make_shared<const std::vector<std::uint16_t>>()) {}

void PublishedUnit::publish(std::vector<std::uint16_t> registers, const UnitLife& life) {
  life_ = life;
  auto next = std::make_shared<const std::vector<std::uint16_t>>(std::move(registers));
  const std::lock_guard lock(mutex_);
  snapshot_.swap(next);
}

PublishedUnit::Snapshot PublishedUnit::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

bool PublishedUnit::answers() const {
  return !snapshot()->empty();
}

ModbusException PublishedUnit::read(std::uint16_t first, std::span<std::uint16_t> out) {
  if (!map_.readable(first, static_cast<std::uint32_t>(out.size()))) return ModbusException::illegal_data_address;
  const Snapshot registers = snapshot();
  if (registers->empty()) return ModbusException::device_failure;  // fell silent since answers()
  std::copy_n(registers->begin() + (first - map_.first_address()), out.size(), out.begin());
  return ModbusException::none;
}

ModbusException PublishedUnit::write(std::uint16_t first, std::span<const std::uint16_t> values) {
  if (!map_.readable(first, static_cast<std::uint32_t>(values.size()))) return ModbusException::illegal_data_address;
  return write_(first, values);
}

}  // namespace v2x::core
