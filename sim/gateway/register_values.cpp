#include "sim/gateway/register_values.hpp"

#include <optional>
#include <span>

namespace v2x::gateway {
namespace {

constexpr std::string_view kChargeMethod = "cmd.charge_method";

std::optional<double> raw_of(const core::Point& point, const WantedValue& wanted) {
  if (wanted.word.empty()) return wanted.value;
  for (const auto& [raw, word] : point.words)
    if (word == wanted.word) return static_cast<double>(raw);
  return std::nullopt;
}

/// Two models of an EV unit carry some of the points. The methods exist in one only, and their neighbours belong to
/// them.
const core::Point* find_point(const core::RegisterMap& map, std::string_view quantity) {
  const core::Point* method = map.find_quantity(kChargeMethod);
  const core::Point* found = nullptr;
  for (const core::Point& point : map.points())
    if (point.quantity == quantity && (method == nullptr || point.address >= method->address)) found = &point;
  return found;
}

}  // namespace

std::vector<RegisterWrite> encode(const core::RegisterMap& map, const std::vector<WantedValue>& values) {
  std::vector<RegisterWrite> writes;
  int next_address = 0;
  for (const WantedValue& wanted : values) {
    const core::Point* point = find_point(map, wanted.quantity);
    const auto raw = point == nullptr ? std::nullopt : raw_of(*point, wanted);
    if (!raw && wanted.needed) return {};
    if (!raw) continue;
    if (writes.empty() || point->address != next_address) writes.push_back({point->address, {}});
    std::vector<std::uint16_t>& registers = writes.back().values;
    registers.resize(registers.size() + point->size);
    core::RegisterMap::encode(*point, *raw, std::span(registers).last(point->size));
    next_address = point->address + point->size;
  }
  return writes;
}

}  // namespace v2x::gateway
