// Registers are data: a YAML map says at which address, type, scale, word order and access each quantity appears.
// The simulator encodes with it, the gateway decodes with it, the lab page and the manual print it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "contracts/quantity_catalogue.hpp"

namespace v2x::core {

enum class PointType { u16, s16, u32, s32, u64, s64, f32, acc32, acc64, enum16, bits16, bits32, string, pad, sf };
enum class PointAccess { r, rw, w };
enum class Gaps { exception, zero, ffff };

/// A point's value in physical units; monostate = the sentinel "not available".
using PointValue = std::variant<std::monostate, double, std::string>;

/// What a write must keep to, in physical units; outside of it the device answers exception 3.
struct WriteRule {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  double min_magnitude = 0;  ///< least absolute value: a power factor is ±0.80 … ±1.00
  double step = 0;           ///< 0 = any
  std::string effect;
  std::string revert;  ///< name of the point that holds the revert time
  std::string group;   ///< points that take effect together
};

struct Point {
  std::string name;           ///< "WMaxLimPct", "module[2].DCA"
  std::uint16_t address = 0;  ///< absolute, 0-based
  std::uint16_t size = 1;     ///< registers
  PointType type = PointType::u16;
  std::string unit;
  std::string quantity;  ///< empty when `constant` or nothing feeds it
  std::optional<PointValue> constant;
  /// value = raw · 10^scale, in the quantity's unit: `scale` plus the constant of the `sf` point.
  int scale = 0;
  bool round_down = false;  ///< counters; else half away from zero
  /// raw → word (enum; several words of a quantity may share one raw value, the first is read back) or bit → word.
  std::vector<std::pair<std::int64_t, std::string>> words;
  PointAccess access = PointAccess::r;
  std::optional<WriteRule> write;
  bool little_words = false;
  std::uint64_t absent_raw = 0xFFFF;  ///< the sentinel
};

/// A run of registers without gaps; `model` is the SunSpec id, 0 where the map has none.
struct Block {
  std::uint16_t model = 0;
  std::uint16_t address = 0;  ///< of the model's ID register (SunSpec) or of the first point
  std::uint16_t length = 0;   ///< registers including ID and L
  std::string title;
  std::vector<size_t> points;  ///< indices into RegisterMap::points(), by address
};

/// Immutable after loading; safe to share between threads.
class RegisterMap {
 public:
  /// Reads and checks a map against `catalogue`; throws BadInput with file:line:column.
  static RegisterMap load(const std::filesystem::path& file, const contracts::QuantityCatalogue& catalogue);
  /// By name from <share>/maps: "sunspec-pv".
  static RegisterMap load_named(const std::string& name, const contracts::QuantityCatalogue& catalogue);
  /// All maps of <share>/maps, by name.
  static std::vector<RegisterMap> load_all(const contracts::QuantityCatalogue& catalogue);

  const std::string& name() const { return name_; }
  const std::string& title() const { return title_; }
  const std::string& device() const { return device_; }  ///< pv_pcs, ev_pcs, meter
  const std::vector<int>& functions() const { return functions_; }
  Gaps gaps() const { return gaps_; }
  const std::vector<Point>& points() const { return points_; }  ///< by address
  const std::vector<Block>& blocks() const { return blocks_; }  ///< by address, "SunS" and the end block included
  bool allows(int function) const;
  std::uint16_t first_address() const { return blocks_.front().address; }
  /// One past the last register.
  std::uint32_t end_address() const { return blocks_.back().address + std::uint32_t{blocks_.back().length}; }
  /// True when a read of these registers is answered: inside of blocks, and by `gaps` between them.
  bool readable(std::uint32_t first, std::uint32_t count) const;
  /// The point that this register belongs to; nullptr where there is none.
  const Point* at(std::uint32_t address) const;
  /// "701.W", "64901.ChaMth", or "W" for the first point of that name; nullptr when unknown.
  const Point* find(std::string_view name) const;
  const Point* find_quantity(std::string_view quantity) const;  ///< the first point that this quantity feeds

  /// Registers → physical value. `registers` are the point's own. Enumerations give the raw number.
  static PointValue decode(const Point& point, std::span<const std::uint16_t> registers);
  /// Physical value → registers: rounded (acc types and `round_down`: down), saturated short of the sentinel; acc
  /// types wrap.
  static void encode(const Point& point, const PointValue& value, std::span<std::uint16_t> registers);

 private:
  friend class RegisterMapReader;

  std::string name_, title_, device_;
  std::vector<int> functions_;
  Gaps gaps_ = Gaps::exception;
  std::vector<Point> points_;
  std::vector<Block> blocks_;
};

}  // namespace v2x::core
