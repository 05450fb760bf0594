// Who sits on the bus: what the units said of themselves, kept over restarts.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/gateway/unit_reader.hpp"

namespace v2x::gateway {

class Inventory {
 public:
  explicit Inventory(const std::vector<GatewayUnit>& units);

  /// A unit answered its identification (nullopt: it did not, its known entry stays). True when another device sits
  /// there than the last time. The list takes a new unit or firmware; another PCS than the listed one is a stranger
  /// until somebody confirms it (E6-4).
  bool identified(size_t unit, const std::optional<UnitIdentity>& identity);
  /// nullptr: the listed device sits there.
  const UnitIdentity* stranger(size_t unit) const;
  /// The strangers belong here from now on.
  void confirm();
  /// Once after every unit has answered or failed, and whenever a later answer changes the list.
  bool take_change();
  /// All units; model, serial and firmware are empty while they are not known.
  void fill(google::protobuf::RepeatedPtrField<telemetry::Unit>& units) const;

  std::string text() const;
  void restore(std::string_view text);

 private:
  struct Entry {
    GatewayUnit unit;
    UnitIdentity identity;                      ///< as listed
    std::optional<UnitIdentity> stranger = {};  ///< that sits there instead
    bool asked = false;                         ///< since boot
  };
  std::vector<Entry> entries_;
  bool changed_ = false;
};

}  // namespace v2x::gateway
