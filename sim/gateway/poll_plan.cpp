#include "sim/gateway/poll_plan.hpp"

#include <algorithm>
#include <span>

#include "sim/gateway/modbus_master.hpp"

namespace v2x::gateway {
namespace {

int end_of(const core::Point& point) {
  return point.address + point.size;
}

/// Without holes between the blocks from `first` up to `last`, or the map answers holes.
bool readable(const core::RegisterMap& map, int first, int last) {
  if (map.gaps() != core::Gaps::exception) return true;
  int covered = first;
  for (const core::Block& block : map.blocks()) {
    const int block_end = block.address + block.length;
    if (block.address <= covered && block_end > covered) covered = block_end;
  }
  return covered >= last;
}

bool is_wide(core::PointType type) {
  return type == core::PointType::u64 || type == core::PointType::s64 || type == core::PointType::acc64;
}

/// A 64-bit counter never wraps, so it is worth more than the first point of the quantity.
const core::Point* choose_point(const core::RegisterMap& map, std::string_view quantity) {
  const core::Point* chosen = nullptr;
  for (const core::Point& point : map.points()) {
    if (point.quantity != quantity) continue;
    if (chosen == nullptr || (is_wide(point.type) && !is_wide(chosen->type))) chosen = &point;
  }
  return chosen;
}

std::vector<std::pair<std::int64_t, double>> translate(const core::Point& point,
                                                       std::span<const std::string_view> words) {
  std::vector<std::pair<std::int64_t, double>> table;
  for (const auto& [raw, word] : point.words) {
    const auto found = std::find(words.begin(), words.end(), word);
    if (found != words.end()) table.emplace_back(raw, static_cast<double>(found - words.begin()));
  }
  return table;
}

/// ID and L of the models that `points` are of: another model of the same length would answer in their place.
void add_headers(const core::RegisterMap& map, std::vector<const core::Point*>& points) {
  for (const core::Block& block : map.blocks()) {
    const auto is_inside = [&](const core::Point* point) {
      return point->address >= block.address && point->address < block.address + block.length;
    };
    if (block.model == 0 || std::none_of(points.begin(), points.end(), is_inside)) continue;
    for (const core::Point& point : map.points())
      if (is_inside(&point) && (point.name == "ID" || point.name == "L")) points.push_back(&point);
  }
}

}  // namespace

std::vector<RegisterRead> merge_reads(const core::RegisterMap& map, std::vector<const core::Point*> points, int longest,
                                      const ChainLayout& layout) {
  std::erase_if(points, [&](const core::Point* point) { return !layout.in_unit(point->address); });
  std::sort(points.begin(), points.end(), [](auto* a, auto* b) { return a->address < b->address; });
  std::vector<RegisterRead> reads;
  for (const core::Point* point : points) {
    if (!reads.empty()) {
      RegisterRead& last = reads.back();
      const int end = std::max(end_of(*point), last.address + last.count);
      if (end - last.address <= longest && readable(map, last.address, end) && layout.in_one_piece(last.address, end)) {
        last.count = static_cast<std::uint16_t>(end - last.address);
        continue;
      }
    }
    reads.push_back({point->address, point->size});
  }
  return reads;
}

PollPlan::PollPlan(const core::RegisterMap& map, UnitKind kind, int longest_read, const ChainLayout& layout) {
  std::vector<const core::Point*> chosen;
  for (const WantedQuantity& wanted : wanted_quantities(kind)) {
    const core::Point* point = choose_point(map, wanted.quantity);
    if (point == nullptr || !layout.in_unit(point->address)) continue;
    auto words = translate(*point, wanted.words);
    if (words.empty() && !wanted.words.empty()) continue;  // the map has the point, but none of its words
    chosen.push_back(point);
    points_.push_back({wanted.reading, point, 0, 0, std::move(words)});
  }
  add_headers(map, chosen);
  reads_ = merge_reads(map, chosen, longest_read, layout);
  for (WantedPoint& wanted : points_) {
    while (wanted.point->address >= reads_[wanted.read].address + reads_[wanted.read].count) ++wanted.read;
    wanted.offset = static_cast<std::uint16_t>(wanted.point->address - reads_[wanted.read].address);
  }
  find_constants(map);
}

void PollPlan::find_constants(const core::RegisterMap& map) {
  for (const core::Point& point : map.points()) {
    const bool structural = point.type == core::PointType::sf || point.name == "ID" || point.name == "L";
    if (!point.constant || !structural) continue;
    for (size_t i = 0; i < reads_.size(); ++i) {
      const RegisterRead& read = reads_[i];
      if (point.address < read.address || end_of(point) > read.address + read.count) continue;
      Constant& constant = constants_.emplace_back();
      constant.read = i;
      constant.offset = static_cast<std::uint16_t>(point.address - read.address);
      constant.registers.resize(point.size);
      core::RegisterMap::encode(point, *point.constant, constant.registers);
    }
  }
}

bool PollPlan::plausible(size_t read, std::span<const std::uint16_t> registers) const {
  return std::all_of(constants_.begin(), constants_.end(), [&](const Constant& constant) {
    return constant.read != read ||
           std::equal(constant.registers.begin(), constant.registers.end(), registers.begin() + constant.offset);
  });
}

const core::Point* PollPlan::point(Reading reading) const {
  for (const WantedPoint& wanted : points_)
    if (wanted.reading == reading) return wanted.point;
  return nullptr;
}

void PollPlan::decode(size_t read, std::span<const std::uint16_t> registers, Readings& readings) const {
  for (const WantedPoint& wanted : points_) {
    if (wanted.read != read) continue;
    const auto value = core::RegisterMap::decode(*wanted.point, registers.subspan(wanted.offset, wanted.point->size));
    const double* number = std::get_if<double>(&value);
    if (number == nullptr) continue;
    if (wanted.words.empty()) {
      readings.set(wanted.reading, *number);
      continue;
    }
    for (const auto& [raw, enumerator] : wanted.words)
      if (static_cast<double>(raw) == *number) {
        readings.set(wanted.reading, enumerator);
        break;
      }
  }
}

}  // namespace v2x::gateway
