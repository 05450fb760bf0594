// What the energy of an owner's gateway cost and earned, and the prices that they entered (M05, MON-26).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "backend/model/account.hpp"
#include "backend/model/period.hpp"
#include "backend/model/tariff.hpp"
#include "backend/service/energy.hpp"
#include "backend/service/form.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/settings.hpp"

namespace v2x::service {

/// Exact; rounded where it is shown. Absent: no energy is known, or no tariff held.
struct MoneySlot {
  Time start{};
  std::optional<model::Money> cost;    ///< 買電料金
  std::optional<model::Money> income;  ///< 売電収入
  EnergySlot::Quality quality = EnergySlot::Quality::missing;

  /// 収支.
  std::optional<model::Money> balance() const {
    if (!cost || !income) return std::nullopt;
    return *income - *cost;
  }
};

struct EconomyReport {
  std::vector<model::Tariff> tariffs;  ///< empty: the owner has entered none
  std::vector<MoneySlot> slots;
  MoneySlot total;
};

/// The owner's only (DEAL-17): everybody else gets the error "not_found". Thread-safe.
class Economy {
 public:
  Economy(Registry& registry, const EnergyQueries& energy) : registry_(registry), energy_(energy) {}

  Result<EconomyReport> report(const model::Account& account, const std::string& gateway_id,
                               const model::Period& period) const;
  /// What the form starts with: the newest tariff, else one band for the whole week.
  Form form(const EconomyReport& report) const;
  Result<FieldErrors> set_tariff(const model::Account& account, const std::string& gateway_id, const Form& posted,
                                 const Caller& caller);

 private:
  Registry& registry_;
  const EnergyQueries& energy_;
};

/// Names of the form's inputs: band1From, band1Until (half-hours since midnight), band1DaySun … band1DaySat,
/// band1Price; sellPrice; validFrom.
std::string band_field(size_t band, std::string_view part);
inline constexpr std::array<std::string_view, 7> kDayFields = {"DaySun", "DayMon", "DayTue", "DayWed",
                                                               "DayThu", "DayFri", "DaySat"};

}  // namespace v2x::service
