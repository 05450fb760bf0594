// The registers of one device: a map bound to the device's quantities.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/core/device.hpp"
#include "sim/core/modbus_unit.hpp"
#include "sim/core/register_map.hpp"

namespace v2x::core {

/// Holds no values of its own: constants and sentinels are encoded once, everything else when it is read. Lives on the
/// kernel's thread; `map` and `device` must outlive it.
class RegisterImage final : public ModbusUnit {
 public:
  /// Aborts when the map is for another kind of device.
  RegisterImage(const RegisterMap& map, Device& device);

  bool answers() const override;
  bool allows(int function) const override { return map_.allows(function); }
  UnitLife life() const override;
  ModbusException read(std::uint16_t first, std::span<std::uint16_t> out) override;
  ModbusException write(std::uint16_t first, std::span<const std::uint16_t> values) override;

  /// All registers from the map's first to its last address, for PublishedUnit; empty while the unit doesn't answer.
  std::vector<std::uint16_t> snapshot() const;

 private:
  enum class Kind { number, word, bits, text };
  /// A point that a quantity feeds.
  struct Feed {
    const Point* point = nullptr;
    Slot slot = 0;
    Kind kind = Kind::number;
    std::vector<std::optional<std::uint64_t>> raws;  ///< by index of the quantity's word, or bit by bit of its set
  };

  static Feed make_feed(const Point& point, const QuantityTable& table);
  void encode(const Feed& feed, const QuantityTable& table, std::span<std::uint16_t> registers) const;
  void fill(std::uint32_t first, std::span<std::uint16_t> out) const;
  const Feed* feed_of(const Point& point) const;
  std::optional<double> value_to_write(const Feed& feed, std::uint64_t raw) const;

  const RegisterMap& map_;
  Device& device_;
  std::optional<Slot> silent_;            ///< bus.silent
  std::optional<Slot> state_;             ///< of a conditioner
  std::optional<Slot> boots_;             ///< of a conditioner
  double asleep_ = 0, starting_ = 0;      ///< words of state_
  std::vector<std::uint16_t> constants_;  ///< the whole range with constants, sentinels and fillers
  std::vector<Feed> feeds_;               ///< by address
};

}  // namespace v2x::core
