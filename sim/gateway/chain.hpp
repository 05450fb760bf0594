// The SunSpec chain that a unit really has, against the one that its register map says.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/core/register_map.hpp"

namespace v2x::gateway {

/// A run of registers to read.
struct RegisterRead {
  std::uint16_t address = 0;
  std::uint16_t count = 0;
  bool operator==(const RegisterRead&) const = default;
};

/// A model as its unit has it.
struct FoundModel {
  std::uint16_t id = 0;
  std::uint16_t address = 0;  ///< of its ID register
  std::uint16_t length = 0;   ///< registers behind ID and L
};

/// Walks from "SunS" along ID and L to the end marker, one short read after the other.
class ChainWalk {
 public:
  /// `base`: where "SunS" must be.
  explicit ChainWalk(std::uint16_t base) : next_{base, 2} {}

  const RegisterRead& next() const { return next_; }
  /// What next() read. False when nothing is left to read.
  bool take(std::span<const std::uint16_t> registers);
  /// nullptr until the end marker was found, and when there is no chain.
  const std::vector<FoundModel>* found() const { return ended_ ? &models_ : nullptr; }

  static constexpr size_t kMostModels = 100;  ///< default: nothing that never ends is walked

 private:
  RegisterRead next_;
  bool began_ = false;
  bool ended_ = false;
  std::vector<FoundModel> models_;
};

/// Where the registers of a map lie in a unit whose chain has its models elsewhere, or not at all. Copyable; refers to
/// nothing.
class ChainLayout {
 public:
  /// All as the map says.
  ChainLayout() = default;
  /// The n-th model of an id is the map's n-th of that id. One of another length has other points: it counts as
  /// missing.
  ChainLayout(const core::RegisterMap& map, const std::vector<FoundModel>& found);

  /// The unit's address of a register of the map; nullopt when the unit does not have it.
  std::optional<std::uint16_t> in_unit(std::uint16_t address) const;
  /// Whether registers that follow each other in the map do so in the unit, too.
  bool in_one_piece(int first, int end) const;
  /// What differs, in one line: "103 at 40188 instead of 40072, 160 is missing"; "" when nothing does.
  const std::string& differences() const { return differences_; }

 private:
  struct Part {
    int first = 0;
    int end = 0;
    std::optional<int> shift;
  };
  std::vector<Part> parts_;  ///< of the map's models, by address; none: all as the map says
  std::string differences_;
};

}  // namespace v2x::gateway
