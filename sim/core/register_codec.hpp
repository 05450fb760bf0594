// Numbers and texts as registers: what each type of a register map can hold and which pattern means "no value".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/register_map.hpp"

namespace v2x::core {

/// What is fixed about a point type.
struct TypeFacts {
  std::string_view name;    ///< as in maps
  std::uint16_t registers;  ///< 0: given by the map's `size`
  bool is_signed;
  bool counter;          ///< rounds down and wraps
  std::uint64_t absent;  ///< SunSpec's "not implemented"
};
const TypeFacts& facts(PointType type);
std::vector<std::string> point_type_names();  ///< in the order of PointType

/// Number in the quantity's unit ↔ raw pattern. raw_of() never gives the sentinel, but for a counter's 0.
std::uint64_t raw_of(const Point& point, double value);
double value_of(const Point& point, std::uint64_t raw);

/// Raw pattern ↔ the point's own registers, in its word order.
void store(const Point& point, std::uint64_t raw, std::span<std::uint16_t> registers);
std::uint64_t fetch(const Point& point, std::span<const std::uint16_t> registers);

/// Two bytes a register, the rest NUL; too long a text is cut between characters.
void store_text(std::string_view text, std::span<std::uint16_t> registers);
std::string fetch_text(std::span<const std::uint16_t> registers);

}  // namespace v2x::core
