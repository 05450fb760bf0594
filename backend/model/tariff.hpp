// What electricity costs and earns: prices by weekday and half-hour, each valid from a date on (MON-26).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/clock.hpp"

namespace v2x::model {

/// Hundredths of ¥ per kWh: 3085 is 30.85 ¥.
using Price = std::int64_t;

inline constexpr int kSlotsOfDay = 48;
inline constexpr size_t kMostBands = 4;
inline constexpr unsigned kAllWeekdays = 0b1111111;

/// A time band of the buying price.
struct PriceBand {
  unsigned weekdays = kAllWeekdays;  ///< bit 0 = Sunday … bit 6 = Saturday
  int from_slot = 0;                 ///< half-hours since midnight, 0 … 47
  int until_slot = kSlotsOfDay;      ///< 1 … 48; not later than from_slot: passes midnight, on the same weekdays
  Price price = 0;
  bool operator==(const PriceBand&) const = default;

  bool holds(unsigned weekday, int slot) const;
};

struct Tariff {
  Time valid_from{};  ///< 00:00 JST of its first day
  std::vector<PriceBand> buy;
  Price sell = 0;
  bool operator==(const Tariff&) const = default;

  /// The price of the half-hour that begins at `start`.
  Price buy_price(Time start) const;
  /// Whether every half-hour of the week has exactly one price.
  bool covers_the_week() const;
};

/// The tariff that holds at `t`; nullptr before the first. `tariffs` by valid_from.
const Tariff* tariff_at(const std::vector<Tariff>& tariffs, Time t);

/// Exact money: Wh times hundredths of ¥ per kWh, so 1/100,000 ¥.
struct Money {
  std::int64_t parts = 0;

  static Money of(std::int64_t wh, Price price) { return {wh * price}; }
  Money operator+(Money other) const { return {parts + other.parts}; }
  Money operator-(Money other) const { return {parts - other.parts}; }
  bool operator==(const Money&) const = default;
  /// Rounded half up to whole ¥.
  std::int64_t yen() const;
};

/// 「1,234」, 「-56」.
std::string with_commas(std::int64_t value);
/// "30.85", "31", "31.5" → 3085, 3100, 3150; nullopt for anything else, for more than 999.99 and for signs.
std::optional<Price> price_of(std::string_view text);
/// 「30.85」.
std::string price_text(Price price);

}  // namespace v2x::model
