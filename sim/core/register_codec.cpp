#include "sim/core/register_codec.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace v2x::core {
namespace {

// In the order of PointType. Sentinels: SunSpec Information Model Specification, "not implemented" values.
constexpr std::array<TypeFacts, 15> kFacts{{
    {"u16", 1, false, false, 0xFFFF},
    {"s16", 1, true, false, 0x8000},
    {"u32", 2, false, false, 0xFFFF'FFFF},
    {"s32", 2, true, false, 0x8000'0000},
    {"u64", 4, false, false, 0xFFFF'FFFF'FFFF'FFFF},
    {"s64", 4, true, false, 0x8000'0000'0000'0000},
    {"f32", 2, false, false, 0x7FC0'0000},
    {"acc32", 2, false, true, 0},
    {"acc64", 4, false, true, 0},
    {"enum16", 1, false, false, 0xFFFF},
    {"bits16", 1, false, false, 0xFFFF},
    {"bits32", 2, false, false, 0xFFFF'FFFF},
    {"string", 0, false, false, 0},
    {"pad", 1, false, false, 0},
    {"sf", 1, true, false, 0x8000},
}};
static_assert(kFacts[static_cast<size_t>(PointType::sf)].name == "sf");

constexpr int kBitsPerRegister = 16;

constexpr std::array<double, 20> kPowersOfTen{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,
                                              1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19};

/// value / 10^scale; both branches keep decimals such as 0.1 exact where the result is a whole number.
double unscaled(double value, int scale) {
  return scale < 0 ? value * kPowersOfTen[static_cast<size_t>(-scale)]
                   : value / kPowersOfTen[static_cast<size_t>(scale)];
}

double scaled(double raw, int scale) {
  return scale < 0 ? raw / kPowersOfTen[static_cast<size_t>(-scale)] : raw * kPowersOfTen[static_cast<size_t>(scale)];
}

int width(const Point& point) {
  return point.size * kBitsPerRegister;
}

std::uint64_t mask(int bits) {
  return bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
}

double two_to(int bits) {
  return bits >= 64 ? 0x1p64 : static_cast<double>(std::uint64_t{1} << bits);
}

std::uint64_t signed_pattern(double whole, int bits) {
  const double limit = two_to(bits - 1);
  if (whole >= limit) return mask(bits - 1);
  if (whole <= -limit) return std::uint64_t{1} << (bits - 1);
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(whole)) & mask(bits);
}

std::uint64_t unsigned_pattern(double whole, int bits) {
  if (whole >= two_to(bits)) return mask(bits);
  return whole <= 0 ? 0 : static_cast<std::uint64_t>(whole);
}

std::uint64_t wrapped_pattern(double whole, int bits) {
  if (whole <= 0) return 0;
  return static_cast<std::uint64_t>(whole < two_to(bits) ? whole : std::fmod(whole, two_to(bits)));
}

/// One step away from the sentinel, into the type's range.
std::uint64_t beside_sentinel(const Point& point, std::uint64_t raw) {
  const bool is_signed = facts(point.type).is_signed;
  const std::uint64_t largest = mask(width(point) - (is_signed ? 1 : 0));
  return raw == largest ? raw - 1 : (raw + 1) & mask(width(point));
}

}  // namespace

const TypeFacts& facts(PointType type) {
  return kFacts[static_cast<size_t>(type)];
}

std::vector<std::string> point_type_names() {
  std::vector<std::string> names;
  for (const TypeFacts& fact : kFacts) names.emplace_back(fact.name);
  return names;
}

std::uint64_t raw_of(const Point& point, double value) {
  if (std::isnan(value)) return point.absent_raw;
  if (point.type == PointType::f32)
    return std::bit_cast<std::uint32_t>(static_cast<float>(unscaled(value, point.scale)));
  const TypeFacts& fact = facts(point.type);
  const double exact = unscaled(value, point.scale);
  if (fact.counter) return wrapped_pattern(std::floor(exact), width(point));
  const double whole = point.round_down ? std::floor(exact) : std::round(exact);
  const std::uint64_t raw =
      fact.is_signed ? signed_pattern(whole, width(point)) : unsigned_pattern(whole, width(point));
  return raw == point.absent_raw ? beside_sentinel(point, raw) : raw;
}

double value_of(const Point& point, std::uint64_t raw) {
  if (point.type == PointType::f32) return scaled(std::bit_cast<float>(static_cast<std::uint32_t>(raw)), point.scale);
  if (!facts(point.type).is_signed) return scaled(static_cast<double>(raw), point.scale);
  const int unused = 64 - width(point);
  return scaled(static_cast<double>(static_cast<std::int64_t>(raw << unused) >> unused), point.scale);
}

void store(const Point& point, std::uint64_t raw, std::span<std::uint16_t> registers) {
  for (size_t i = 0; i < point.size; ++i) {
    registers[point.little_words ? i : point.size - 1u - i] = static_cast<std::uint16_t>(raw);
    raw >>= kBitsPerRegister;
  }
}

std::uint64_t fetch(const Point& point, std::span<const std::uint16_t> registers) {
  std::uint64_t raw = 0;
  for (size_t i = 0; i < point.size; ++i)
    raw = raw << kBitsPerRegister | registers[point.little_words ? point.size - 1u - i : i];
  return raw;
}

void store_text(std::string_view text, std::span<std::uint16_t> registers) {
  size_t length = std::min(text.size(), registers.size() * 2);
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };  // UTF-8
  while (length > 0 && length < text.size() && continues(text[length])) --length;
  const auto byte = [&](size_t i) { return i < length ? static_cast<unsigned char>(text[i]) : 0u; };
  for (size_t i = 0; i < registers.size(); ++i)
    registers[i] = static_cast<std::uint16_t>(byte(2 * i) << 8 | byte(2 * i + 1));
}

std::string fetch_text(std::span<const std::uint16_t> registers) {
  std::string text;
  for (const std::uint16_t word : registers) {
    text.push_back(static_cast<char>(word >> 8));
    text.push_back(static_cast<char>(word & 0xFF));
  }
  text.resize(std::min(text.find('\0'), text.size()));
  return text;
}

}  // namespace v2x::core
