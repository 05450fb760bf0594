#include "backend/store/sql_tariffs.hpp"

#include "backend/store/sql.hpp"

namespace v2x::store {

using model::PriceBand;
using model::Tariff;

std::vector<Tariff> SqlTariffs::of_ownership(std::int64_t ownership_id) {
  const long long owner = ownership_id;
  std::vector<Tariff> tariffs;
  const soci::rowset<soci::row> rows =
      (session_.prepare << "SELECT valid_from, sell_price FROM tariffs WHERE ownership_id = :owner ORDER BY valid_from",
       soci::use(owner));
  for (const auto& row : rows) tariffs.push_back({row.get<Time>(0), {}, row.get<long long>(1)});
  const soci::rowset<soci::row> bands =
      (session_.prepare << "SELECT valid_from, weekdays, from_slot, until_slot, price FROM tariff_bands "
                           "WHERE ownership_id = :owner ORDER BY valid_from, place",
       soci::use(owner));
  auto tariff = tariffs.begin();
  for (const auto& row : bands) {
    while (tariff->valid_from < row.get<Time>(0)) ++tariff;
    tariff->buy.push_back(
        {static_cast<unsigned>(row.get<int>(1)), row.get<int>(2), row.get<int>(3), row.get<long long>(4)});
  }
  return tariffs;
}

void SqlTariffs::put(std::int64_t ownership_id, const Tariff& tariff) {
  const long long owner = ownership_id, sell = tariff.sell;
  for (const char* table : {"tariffs", "tariff_bands"})
    session_ << "DELETE FROM " << table << " WHERE ownership_id = :owner AND valid_from = :from", soci::use(owner),
        soci::use(tariff.valid_from);
  session_ << "INSERT INTO tariffs (ownership_id, valid_from, sell_price) VALUES (:owner, :from, :sell)",
      soci::use(owner), soci::use(tariff.valid_from), soci::use(sell);
  int place = 0;
  for (const PriceBand& band : tariff.buy) {
    const int weekdays = static_cast<int>(band.weekdays);
    const long long price = band.price;
    ++place;
    session_ << "INSERT INTO tariff_bands (ownership_id, valid_from, place, weekdays, from_slot, until_slot, price) "
                "VALUES (:owner, :from, :place, :weekdays, :from_slot, :until_slot, :price)",
        soci::use(owner), soci::use(tariff.valid_from), soci::use(place), soci::use(weekdays),
        soci::use(band.from_slot), soci::use(band.until_slot), soci::use(price);
  }
}

}  // namespace v2x::store
