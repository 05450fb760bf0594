// Energy totals of the site, made from the units' own counters.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "sim/gateway/readings.hpp"

namespace v2x::gateway {

/// Follows one counter of a device: its wraps are bridged, its restarts only move the base. The first value ever seen
/// is a base too, so a unit that joins later adds no energy of the past.
class DeviceCounter {
 public:
  /// `modulus` is the number at which the register wraps; 0 = never (64 bits).
  explicit DeviceCounter(std::uint64_t modulus = 0) : modulus_(modulus) {}
  /// False when `raw` says nothing: 0 is also SunSpec's sentinel of an accumulator, so a 0 after a count is taken as
  /// that one.
  bool read(std::uint64_t raw);
  void forget_base() { last_.reset(); }
  void restore(std::uint64_t total, std::optional<std::uint64_t> last) { total_ = total, last_ = last; }

  std::uint64_t total_wh() const { return total_; }
  std::optional<std::uint64_t> last() const { return last_; }

 private:
  std::uint64_t modulus_;
  std::uint64_t total_ = 0;
  std::optional<std::uint64_t> last_;
};

/// Wh; a total is absent when one of the units behind it gave no value in the period.
struct SiteTotals {
  std::optional<std::uint64_t> pv_wh, load_wh, buy_wh, sell_wh, charge_wh, discharge_wh;
};

/// The counters of all units. text()/restore() carry them over a restart of the gateway: what the devices counted
/// while it was away is in the next total.
class EnergyCounters {
 public:
  void add_unit(const GatewayUnit& unit);
  void on_poll(std::uint32_t unit_no, const Readings& readings);
  /// Another device sits behind this number: its counter has nothing to do with the old one.
  void unit_replaced(std::uint32_t unit_no);
  /// The totals at the end of a period; begins the next one. load = pv + buy + discharge − sell − charge, exactly, and
  /// none ever falls. The instants of the polls differ by a blink: what the outflows are ahead by is told in a later
  /// period.
  SiteTotals close_period();

  std::string text() const;
  void restore(std::string_view text);

 private:
  struct Entry {
    UnitKind kind = UnitKind::pv_pcs;
    DeviceCounter counter;
    bool fresh = false;  ///< read in this period
  };
  using Key = std::pair<std::uint32_t, Reading>;  // unit_no

  std::optional<std::uint64_t> total(UnitKind kind, Reading reading) const;
  bool has(UnitKind kind) const;
  void close_balance(SiteTotals& totals);

  std::map<Key, Entry> entries_;
  // As they were told last.
  std::uint64_t load_wh_ = 0;
  std::uint64_t sell_wh_ = 0;
  std::uint64_t charge_wh_ = 0;
};

}  // namespace v2x::gateway
