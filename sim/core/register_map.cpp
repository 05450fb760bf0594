#include "sim/core/register_map.hpp"

#include <algorithm>
#include <charconv>

#include "common/resources.hpp"
#include "sim/core/register_codec.hpp"

namespace v2x::core {
namespace {

struct QualifiedName {
  std::uint16_t model = 0;  ///< 0: any
  std::string_view name;
};

/// "701.W" → {701, "W"}; "module[2].DCA" has no model in front.
QualifiedName parse_name(std::string_view text) {
  QualifiedName out{0, text};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.model);
  if (error != std::errc() || end == text.data() + text.size() || *end != '.') return {0, text};
  out.name = text.substr(static_cast<size_t>(end - text.data()) + 1);
  return out;
}

}  // namespace

RegisterMap RegisterMap::load_named(const std::string& name, const contracts::QuantityCatalogue& catalogue) {
  return load(resource("maps") / (name + ".yaml"), catalogue);
}

std::vector<RegisterMap> RegisterMap::load_all(const contracts::QuantityCatalogue& catalogue) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(resource("maps")))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<RegisterMap> maps;
  for (const auto& file : files) maps.push_back(load(file, catalogue));
  return maps;
}

bool RegisterMap::allows(int function) const {
  return std::find(functions_.begin(), functions_.end(), function) != functions_.end();
}

bool RegisterMap::readable(std::uint32_t first, std::uint32_t count) const {
  if (first < first_address() || first + count > end_address()) return false;
  if (gaps_ != Gaps::exception) return true;
  const auto behind = [](std::uint32_t address, const Block& block) { return address < block.address; };
  auto block = std::upper_bound(blocks_.begin(), blocks_.end(), first, behind) - 1;
  for (std::uint32_t next = first; next < first + count; ++block) {
    if (block->address > next || block->address + std::uint32_t{block->length} <= next) return false;
    next = block->address + std::uint32_t{block->length};
  }
  return true;
}

const Point* RegisterMap::at(std::uint32_t address) const {
  const auto behind = [](std::uint32_t wanted, const Point& point) { return wanted < point.address; };
  const auto next = std::upper_bound(points_.begin(), points_.end(), address, behind);
  if (next == points_.begin()) return nullptr;
  const Point& point = *(next - 1);
  return address < std::uint32_t{point.address} + point.size ? &point : nullptr;
}

const Point* RegisterMap::find(std::string_view name) const {
  const QualifiedName wanted = parse_name(name);
  for (const Block& block : blocks_) {
    if (wanted.model != 0 && block.model != wanted.model) continue;
    for (const size_t index : block.points)
      if (points_[index].name == wanted.name) return &points_[index];
  }
  return nullptr;
}

const Point* RegisterMap::find_quantity(std::string_view quantity) const {
  const auto found =
      std::find_if(points_.begin(), points_.end(), [&](const Point& p) { return p.quantity == quantity; });
  return found == points_.end() ? nullptr : &*found;
}

PointValue RegisterMap::decode(const Point& point, std::span<const std::uint16_t> registers) {
  if (point.type == PointType::string) {
    const std::string text = fetch_text(registers);
    return text.empty() ? PointValue{} : PointValue{text};
  }
  const std::uint64_t raw = fetch(point, registers);
  // A counter's 0 is a counter that starts, whatever SunSpec says.
  if (raw == point.absent_raw && !facts(point.type).counter) return {};
  return value_of(point, raw);
}

void RegisterMap::encode(const Point& point, const PointValue& value, std::span<std::uint16_t> registers) {
  if (const auto* text = std::get_if<std::string>(&value)) return store_text(*text, registers);
  const auto* number = std::get_if<double>(&value);
  store(point, number ? raw_of(point, *number) : point.absent_raw, registers);
}

}  // namespace v2x::core
