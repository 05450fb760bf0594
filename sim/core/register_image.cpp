#include "sim/core/register_image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "sim/core/register_codec.hpp"

namespace v2x::core {
namespace {

constexpr std::uint16_t kUnlisted = 0xFFFF;  // a register of a block that no point has
constexpr size_t kLongestPoint = 125;        // registers, as register_point_reader allows
constexpr double kStepTolerance = 1e-6;      // of one step: covers the decimals of a scale factor

bool is_bits(const Point& point) {
  return point.type == PointType::bits16 || point.type == PointType::bits32;
}

/// Raw value by word index, or raw bit mask by bit index: what the map calls each word of the quantity.
std::vector<std::optional<std::uint64_t>> match_words(const Point& point, const std::vector<std::string>& words) {
  std::vector<std::optional<std::uint64_t>> raws(words.size());
  for (size_t i = 0; i < words.size(); ++i)
    for (const auto& [raw, word] : point.words)
      if (word == words[i]) raws[i] = is_bits(point) ? std::uint64_t{1} << raw : static_cast<std::uint64_t>(raw);
  return raws;
}

/// Beyond the last one when there is none.
double index_of(const std::vector<std::string>& words, std::string_view word) {
  return static_cast<double>(std::find(words.begin(), words.end(), word) - words.begin());
}

bool keeps_rule(const Point& point, double value) {
  if (!point.write) return true;
  const WriteRule& rule = *point.write;
  if (value < rule.min || value > rule.max || std::abs(value) < rule.min_magnitude) return false;
  if (rule.step == 0) return true;
  const double steps = (value - (std::isfinite(rule.min) ? rule.min : 0)) / rule.step;
  return std::abs(steps - std::round(steps)) < kStepTolerance;
}

bool has_raw_word(const Point& point, std::uint64_t raw) {
  const auto same = [&](const auto& entry) { return static_cast<std::uint64_t>(entry.first) == raw; };
  return point.words.empty() || std::any_of(point.words.begin(), point.words.end(), same);
}

bool has_raw_bits(const Point& point, std::uint64_t raw) {
  std::uint64_t known = 0;
  for (const auto& entry : point.words) known |= std::uint64_t{1} << entry.first;
  return point.words.empty() || (raw & ~known) == 0;
}

}  // namespace

RegisterImage::RegisterImage(const RegisterMap& map, Device& device)
    : map_(map), device_(device), constants_(map.end_address() - map.first_address()) {
  const QuantityTable& table = device.quantities();
  if (map.device() != table.kind()) {
    fmt::print(stderr, "map {} is for a {}, but was given a {}\n", map.name(), map.device(), table.kind());
    std::abort();
  }
  silent_ = table.find("bus.silent");
  state_ = table.find("state");
  boots_ = table.find("boots");
  if (state_) {
    asleep_ = index_of(table.quantity(*state_).words, "sleeping");
    starting_ = index_of(table.quantity(*state_).words, "starting");
  }
  std::fill(constants_.begin(), constants_.end(), map.gaps() == Gaps::zero ? 0 : 0xFFFF);
  for (const Block& block : map.blocks())
    std::fill_n(constants_.begin() + (block.address - map.first_address()), block.length, kUnlisted);
  for (const Point& point : map.points()) {
    const std::span registers(constants_.data() + (point.address - map.first_address()), point.size);
    RegisterMap::encode(point, point.constant.value_or(PointValue{}), registers);
    if (!point.quantity.empty()) feeds_.push_back(make_feed(point, table));
  }
}

RegisterImage::Feed RegisterImage::make_feed(const Point& point, const QuantityTable& table) {
  Feed feed;
  feed.point = &point;
  feed.slot = table.slot(point.quantity);
  const contracts::Quantity& quantity = table.quantity(feed.slot);
  if (quantity.text) {
    feed.kind = Kind::text;
  } else if (!quantity.words.empty()) {
    feed.kind = Kind::word;
    feed.raws = match_words(point, quantity.words);
  } else if (!quantity.bits.empty()) {
    feed.kind = Kind::bits;
    feed.raws = match_words(point, quantity.bits);
  }
  return feed;
}

bool RegisterImage::answers() const {
  if (!silent_) return true;
  const QuantityTable& table = device_.states();
  return !table.has(*silent_) || table.number(*silent_) == 0;
}

UnitLife RegisterImage::life() const {
  UnitLife life;
  const QuantityTable& table = device_.states();
  if (state_ && table.has(*state_)) {
    if (table.number(*state_) == asleep_) life.phase = UnitPhase::asleep;
    if (table.number(*state_) == starting_) life.phase = UnitPhase::starting;
  }
  if (boots_) life.boots = static_cast<std::uint32_t>(table.number(*boots_));
  return life;
}

void RegisterImage::encode(const Feed& feed, const QuantityTable& table, std::span<std::uint16_t> registers) const {
  const Point& point = *feed.point;
  if (feed.kind == Kind::text) return store_text(table.plain_text(feed.slot), registers);
  const double number = table.number(feed.slot);
  if (feed.kind == Kind::number) return store(point, raw_of(point, number), registers);
  const auto set = static_cast<std::uint64_t>(number);
  if (feed.kind == Kind::word)
    return store(point, set < feed.raws.size() && feed.raws[set] ? *feed.raws[set] : point.absent_raw, registers);
  std::uint64_t raw = 0;
  for (size_t bit = 0; bit < feed.raws.size(); ++bit)
    if (feed.raws[bit] && (set >> bit & 1) != 0) raw |= *feed.raws[bit];
  store(point, raw, registers);
}

void RegisterImage::fill(std::uint32_t first, std::span<std::uint16_t> out) const {
  const std::uint32_t end = first + static_cast<std::uint32_t>(out.size());
  std::copy_n(constants_.begin() + (first - map_.first_address()), out.size(), out.begin());
  const QuantityTable& table = device_.quantities();
  const auto ends_before = [](const Feed& feed, std::uint32_t at) {
    return feed.point->address + feed.point->size <= at;
  };
  auto feed = std::lower_bound(feeds_.begin(), feeds_.end(), first, ends_before);
  for (; feed != feeds_.end() && feed->point->address < end; ++feed) {
    if (!table.has(feed->slot)) continue;  // the sentinel is there already
    const std::uint32_t begin = feed->point->address;
    const std::uint32_t size = feed->point->size;
    if (begin >= first && begin + size <= end) {
      encode(*feed, table, out.subspan(begin - first, size));
      continue;
    }
    std::array<std::uint16_t, kLongestPoint> whole;
    encode(*feed, table, std::span(whole).first(size));
    for (std::uint32_t at = std::max(begin, first); at < std::min(begin + size, end); ++at)
      out[at - first] = whole[at - begin];
  }
}

ModbusException RegisterImage::read(std::uint16_t first, std::span<std::uint16_t> out) {
  if (!map_.readable(first, static_cast<std::uint32_t>(out.size()))) return ModbusException::illegal_data_address;
  fill(first, out);
  return ModbusException::none;
}

std::vector<std::uint16_t> RegisterImage::snapshot() const {
  if (!answers()) return {};
  std::vector<std::uint16_t> all(constants_.size());
  fill(map_.first_address(), all);
  return all;
}

const RegisterImage::Feed* RegisterImage::feed_of(const Point& point) const {
  const auto before = [](const Feed& feed, const Point* wanted) { return feed.point->address < wanted->address; };
  const auto found = std::lower_bound(feeds_.begin(), feeds_.end(), &point, before);
  return found != feeds_.end() && found->point == &point ? &*found : nullptr;
}

/// Number, index of a word or set of bits as the device knows it; nullopt when the map forbids this raw value.
std::optional<double> RegisterImage::value_to_write(const Feed& feed, std::uint64_t raw) const {
  const Point& point = *feed.point;
  if (raw == point.absent_raw) return std::nullopt;
  if (is_bits(point) ? !has_raw_bits(point, raw) : !has_raw_word(point, raw)) return std::nullopt;
  if (!keeps_rule(point, value_of(point, raw))) return std::nullopt;
  if (feed.kind == Kind::word) {
    const auto word = std::find(feed.raws.begin(), feed.raws.end(), std::optional(raw));
    return word == feed.raws.end() ? std::nullopt : std::optional(static_cast<double>(word - feed.raws.begin()));
  }
  if (feed.kind == Kind::bits) {
    std::uint64_t set = 0;
    for (size_t bit = 0; bit < feed.raws.size(); ++bit)
      if (feed.raws[bit] && (raw & *feed.raws[bit]) != 0) set |= std::uint64_t{1} << bit;
    return static_cast<double>(set);
  }
  return value_of(point, raw);
}

ModbusException RegisterImage::write(std::uint16_t first, std::span<const std::uint16_t> values) {
  const std::uint32_t end = first + static_cast<std::uint32_t>(values.size());
  if (!map_.readable(first, static_cast<std::uint32_t>(values.size()))) return ModbusException::illegal_data_address;
  std::vector<QuantityWrite> writes;
  for (std::uint32_t at = first; at < end;) {
    const Point* point = map_.at(at);
    if (!point || point->access == PointAccess::r) return ModbusException::illegal_data_address;
    if (point->address != at || at + point->size > end) return ModbusException::illegal_data_value;
    const Feed* feed = feed_of(*point);
    const auto value = value_to_write(*feed, fetch(*point, values.subspan(at - first, point->size)));
    if (!value) return ModbusException::illegal_data_value;
    writes.push_back({feed->slot, *value, point->write ? std::string_view(point->write->group) : std::string_view()});
    at += point->size;
  }
  return device_.write(writes);
}

}  // namespace v2x::core
