// A unit's registers for another thread than the kernel's: reads come from the last published snapshot.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "sim/core/modbus_unit.hpp"
#include "sim/core/register_map.hpp"

namespace v2x::core {

/// publish() is for the kernel's thread, everything else for the listener's. `map` must outlive it.
class PublishedUnit final : public ModbusUnit {
 public:
  /// Takes a write into the kernel and waits for its verdict; called on the listener's thread.
  using Write = std::function<ModbusException(std::uint16_t first, std::span<const std::uint16_t> values)>;

  PublishedUnit(const RegisterMap& map, Write write);

  /// RegisterImage::snapshot(); an empty one silences the unit, as does none yet.
  void publish(std::vector<std::uint16_t> registers, const UnitLife& life = {});

  bool answers() const override;
  bool allows(int function) const override { return map_.allows(function); }
  UnitLife life() const override { return life_; }
  ModbusException read(std::uint16_t first, std::span<std::uint16_t> out) override;
  ModbusException write(std::uint16_t first, std::span<const std::uint16_t> values) override;

 private:
  using Snapshot = std::shared_ptr<const std::vector<std::uint16_t>>;
  Snapshot snapshot() const;

  const RegisterMap& map_;
  Write write_;
  mutable std::mutex mutex_;
  Snapshot snapshot_;  ///< guarded by mutex_; never null
  std::atomic<UnitLife> life_;
};

}  // namespace v2x::core
