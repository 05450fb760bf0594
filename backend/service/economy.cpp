#include "backend/service/economy.hpp"

#include <fmt/format.h>

#include <charconv>

#include "backend/service/ports/audit.hpp"
#include "backend/service/ports/inventory.hpp"
#include "backend/service/ports/tariffs.hpp"
#include "backend/service/rights.hpp"
#include "common/jst.hpp"

namespace v2x::service {
namespace {

using model::Money;
using model::PriceBand;
using model::Tariff;

constexpr const char* kPriceText = "単価は0円から999.99円まで、小数点以下2桁以内の半角数字で入力してください。";
constexpr const char* kBandsText = "買電単価の時間帯は、すべての曜日の24時間を重なりなく埋めるように入力してください。";
constexpr const char* kDateText = "適用開始日を正しく入力してください。";
constexpr const char* kPastText = "過ぎた日の料金単価は変更できません。適用開始日は本日以降の日付を入力してください。";

void add(std::optional<Money>& sum, const Money& money) {
  sum = sum.value_or(Money{}) + money;
}

void add(MoneySlot& slot, const HalfHour& half_hour, const Tariff* tariff) {
  if (slot.quality != EnergySlot::Quality::estimated)
    slot.quality = half_hour.estimated ? EnergySlot::Quality::estimated : EnergySlot::Quality::measured;
  if (tariff == nullptr) return;
  const auto& wh = half_hour.energy_wh;
  if (wh.buy) add(slot.cost, Money::of(*wh.buy, tariff->buy_price(half_hour.start)));
  if (wh.sell) add(slot.income, Money::of(*wh.sell, tariff->sell));
}

std::vector<MoneySlot> slots_of(const std::vector<Time>& bounds, const std::vector<HalfHour>& half_hours,
                                const std::vector<Tariff>& tariffs) {
  std::vector<MoneySlot> slots;
  auto half_hour = half_hours.begin();
  for (size_t i = 0; i + 1 < bounds.size(); ++i) {
    MoneySlot& slot = slots.emplace_back();
    slot.start = bounds[i];
    for (; half_hour != half_hours.end() && half_hour->start < bounds[i + 1]; ++half_hour)
      add(slot, *half_hour, model::tariff_at(tariffs, half_hour->start));
  }
  return slots;
}

/// A half-hour of the day as the form posts it; -1 for nonsense.
int slot_in(const std::string& text) {
  int slot = -1;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), slot);
  const bool good = failure == std::errc() && end == text.data() + text.size();
  return good && slot >= 0 && slot <= model::kSlotsOfDay ? slot : -1;
}

/// The bands with a price, and what is wrong with them.
struct Bands {
  std::vector<PriceBand> bands;
  FieldErrors errors;
};

Bands bands_in(const Form& form) {
  Bands result;
  for (size_t i = 1; i <= model::kMostBands; ++i) {
    const std::string price_text = entered(form, band_field(i, "Price"));
    if (price_text.empty()) continue;
    const auto price = model::price_of(price_text);
    if (!price) result.errors.push_back({band_field(i, "Price"), kPriceText});
    PriceBand band{0, slot_in(entered(form, band_field(i, "From"))), slot_in(entered(form, band_field(i, "Until"))),
                   price.value_or(0)};
    for (unsigned day = 0; day < kDayFields.size(); ++day)
      if (!entered(form, band_field(i, kDayFields[day])).empty()) band.weekdays |= 1U << day;
    if (band.from_slot < 0 || band.until_slot < 0 || band.from_slot == model::kSlotsOfDay)
      result.errors.push_back({band_field(i, "From"), kBandsText});
    result.bands.push_back(band);
  }
  return result;
}

/// A past day that has a tariff keeps it.
bool may_begin(Time valid_from, const std::vector<Tariff>& tariffs, Time now) {
  return valid_from >= jst_midnight(now) || tariffs.empty() || valid_from < tariffs.front().valid_from;
}

std::pair<Tariff, FieldErrors> tariff_in(const Form& form, const std::vector<Tariff>& tariffs, Time now) {
  Bands bands = bands_in(form);
  Tariff tariff{{}, bands.bands, 0};
  if (bands.errors.empty() && !tariff.covers_the_week()) bands.errors.push_back({band_field(1, "Price"), kBandsText});
  const auto sell = model::price_of(entered(form, "sellPrice"));
  if (!sell) bands.errors.push_back({"sellPrice", kPriceText});
  tariff.sell = sell.value_or(0);
  if (const auto day = model::Period::parse(model::Span::day, entered(form, "validFrom"))) {
    tariff.valid_from = day->start;
    if (!may_begin(tariff.valid_from, tariffs, now)) bands.errors.push_back({"validFrom", kPastText});
  } else {
    bands.errors.push_back({"validFrom", kDateText});
  }
  return {tariff, bands.errors};
}

}  // namespace

std::string band_field(size_t band, std::string_view part) {
  return fmt::format("band{}{}", band, part);
}

Result<EconomyReport> Economy::report(const model::Account& account, const std::string& gateway_id,
                                      const model::Period& period) const {
  EnergyView view{gateway_id, {}};
  EconomyReport report;
  const bool owned = registry_.read([&](Transaction& tx) {
    const auto gateway = as_owner(tx, account, gateway_id);
    if (!gateway) return false;
    if (const auto ownership = tx.inventory().owner(gateway_id)) view.visible_from = ownership->visible_from;
    report.tariffs = tx.tariffs().of_ownership(gateway->ownership_id);
    return true;
  });
  if (!owned) return fail("not_found", "not this account's gateway");
  const auto half_hours = energy_.half_hours(view, period.start, period.end);
  report.slots = slots_of(period.bounds(), half_hours, report.tariffs);
  report.total = slots_of({period.start, period.end}, half_hours, report.tariffs).front();
  return report;
}

Form Economy::form(const EconomyReport& report) const {
  Form form;
  const auto bands = report.tariffs.empty() ? std::vector<PriceBand>{PriceBand{}} : report.tariffs.back().buy;
  for (size_t i = 0; i < bands.size(); ++i) {
    form[band_field(i + 1, "From")] = std::to_string(bands[i].from_slot);
    form[band_field(i + 1, "Until")] = std::to_string(bands[i].until_slot);
    for (unsigned day = 0; day < kDayFields.size(); ++day)
      if ((bands[i].weekdays >> day & 1U) != 0) form[band_field(i + 1, kDayFields[day])] = "1";
    if (!report.tariffs.empty()) form[band_field(i + 1, "Price")] = model::price_text(bands[i].price);
  }
  if (!report.tariffs.empty()) form["sellPrice"] = model::price_text(report.tariffs.back().sell);
  return form;
}

Result<FieldErrors> Economy::set_tariff(const model::Account& account, const std::string& gateway_id,
                                        const Form& posted, const Caller& caller) {
  return registry_.transact([&](Transaction& tx) -> Result<FieldErrors> {
    const auto gateway = as_owner(tx, account, gateway_id);
    if (!gateway) return fail("not_found", "not this account's gateway");
    const auto [tariff, errors] = tariff_in(posted, tx.tariffs().of_ownership(gateway->ownership_id), tx.now());
    if (!errors.empty()) return errors;
    tx.tariffs().put(gateway->ownership_id, tariff);
    tx.audit().write({"account " + std::to_string(account.id), caller.address, "tariff", gateway_id, "ok"});
    return FieldErrors{};
  });
}

}  // namespace v2x::service
