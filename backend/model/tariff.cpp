#include "backend/model/tariff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>

#include "common/jst.hpp"

namespace v2x::model {
namespace {

constexpr unsigned kWeekdays = 7;
constexpr std::int64_t kPartsOfYen = 100'000;
constexpr size_t kMostWholeDigits = 3, kMostDecimals = 2;

struct SlotOfWeek {
  unsigned weekday;
  int slot;
};

SlotOfWeek slot_of(Time t) {
  const JstTime jst = to_jst(t);
  const std::chrono::weekday day{std::chrono::sys_days(jst.date)};
  return {day.c_encoding(), jst.hour * 2 + jst.minute / 30};
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

}  // namespace

bool PriceBand::holds(unsigned weekday, int slot) const {
  if ((weekdays >> weekday & 1U) == 0) return false;
  if (from_slot < until_slot) return from_slot <= slot && slot < until_slot;
  return slot >= from_slot || slot < until_slot;
}

Price Tariff::buy_price(Time start) const {
  const auto [weekday, slot] = slot_of(start);
  for (const PriceBand& band : buy)
    if (band.holds(weekday, slot)) return band.price;
  return 0;
}

bool Tariff::covers_the_week() const {
  for (unsigned weekday = 0; weekday < kWeekdays; ++weekday)
    for (int slot = 0; slot < kSlotsOfDay; ++slot)
      if (std::count_if(buy.begin(), buy.end(), [&](const PriceBand& band) { return band.holds(weekday, slot); }) != 1)
        return false;
  return true;
}

const Tariff* tariff_at(const std::vector<Tariff>& tariffs, Time t) {
  const Tariff* found = nullptr;
  for (const Tariff& tariff : tariffs)
    if (tariff.valid_from <= t) found = &tariff;
  return found;
}

std::int64_t Money::yen() const {
  const std::int64_t raised = parts + kPartsOfYen / 2;
  return raised >= 0 ? raised / kPartsOfYen : -((-raised + kPartsOfYen - 1) / kPartsOfYen);
}

std::string with_commas(std::int64_t value) {
  std::string digits = std::to_string(value < 0 ? -value : value);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<size_t>(at), 1, ',');
  return (value < 0 ? "-" : "") + digits;
}

std::optional<Price> price_of(std::string_view text) {
  const size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  std::string decimals(point == std::string_view::npos ? "" : text.substr(point + 1));
  const bool has_point = point != std::string_view::npos;
  if (whole.empty() || whole.size() > kMostWholeDigits || !all_digits(whole) || !all_digits(decimals)) return {};
  if (decimals.size() > kMostDecimals || (has_point && decimals.empty())) return {};
  decimals.resize(kMostDecimals, '0');
  return std::stoll(std::string(whole)) * 100 + std::stoll(decimals);
}

std::string price_text(Price price) {
  return fmt::format("{}.{:02}", price / 100, price % 100);
}

}  // namespace v2x::model
