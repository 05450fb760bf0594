// Registers are data: a YAML map says at which address, type, scale, word order and access each quantity appears.
// The simulator encodes with it, the gateway decodes with it, the lab page and the manual print it.
#pragma once

#include <cstdint>
#include <filesystem>
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

struct WriteRule {
  double min = 0;
  double max = 0;
  double step = 0;  ///< 0 = any
  std::string effect;
  std::string revert;  ///< name of the point that holds the revert time
  std::string group;   ///< points that take effect together
};

struct Point {
  std::string name;          ///< "WMaxLimPct", "module[2].DCA"
  std::uint16_t address = 0;  ///< absolute, 0-based
  std::uint16_t size = 1;     ///< registers
  PointType type = PointType::u16;
  std::string unit;
  std::string quantity;               ///< empty when `constant` or nothing feeds it
  std::optional<PointValue> constant;
  int scale = 0;                      ///< value = raw · 10^scale (an sf point's constant is resolved here)
  std::vector<std::pair<std::int64_t, std::string>> words;  ///< raw → word (enum) or bit → word (bits)
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
  std::vector<size_t> points;  ///< indices into RegisterMap::points(), by address
};

/// Immutable after loading; safe to share between threads.
class RegisterMap {
 public:
  /// Reads and checks a map against `catalogue`; throws BadInput with file:line:column.
  static RegisterMap load(const std::filesystem::path& file, const contracts::QuantityCatalogue& catalogue);
  /// By name from <share>/maps: "sunspec-pv".
  static RegisterMap load_named(const std::string& name, const contracts::QuantityCatalogue& catalogue);

  const std::string& name() const { return name_; }
  const std::string& title() const { return title_; }
  const std::string& device() const { return device_; }  ///< pv_pcs, ev_pcs, meter
  const std::vector<int>& functions() const { return functions_; }
  Gaps gaps() const { return gaps_; }
  const std::vector<Point>& points() const { return points_; }  ///< by address
  const std::vector<Block>& blocks() const { return blocks_; }  ///< by address, "SunS" and the end block included
  const Point* find(std::string_view name) const;               ///< by point name; nullptr when unknown
  const Point* find_quantity(std::string_view quantity) const;  ///< the first point that this quantity feeds

  /// Registers → physical value. `registers` are the point's own. Enumerations give the raw number.
  static PointValue decode(const Point& point, std::span<const std::uint16_t> registers);
  /// Physical value → registers: rounded half away from zero (acc types: down), saturated short of the sentinel.
  static void encode(const Point& point, const PointValue& value, std::span<std::uint16_t> registers);

 private:
  std::string name_, title_, device_;
  std::vector<int> functions_;
  Gaps gaps_ = Gaps::exception;
  std::vector<Point> points_;
  std::vector<Block> blocks_;
};

}  // namespace v2x::core
