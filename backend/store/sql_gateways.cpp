#include "backend/store/sql_gateways.hpp"

#include <algorithm>

#include "backend/store/sql.hpp"

namespace v2x::store {

using service::Link;
using service::OwnedGateway;

std::optional<std::string> SqlGateways::password_hash(const std::string& gateway_id) {
  std::string hash;
  session_ << "SELECT password_hash FROM gateways WHERE gateway_id = :gateway", soci::into(hash), soci::use(gateway_id);
  if (!session_.got_data()) return std::nullopt;
  return hash;
}

std::optional<OwnedGateway> SqlGateways::owned(const std::string& gateway_id) {
  long long id = 0;
  session_ << "SELECT id FROM ownerships WHERE gateway_id = :gateway AND until_time IS NULL", soci::into(id),
      soci::use(gateway_id);
  if (!session_.got_data()) return std::nullopt;
  return of_ownership(id);
}

std::optional<OwnedGateway> SqlGateways::of_ownership(std::int64_t ownership_id) {
  OwnedGateway owned;
  const auto key = static_cast<long long>(ownership_id);
  long long account = 0;
  std::string gateway_id;
  session_ << "SELECT gateway_id, account_id, site_name, zip, pref, city, addr FROM ownerships WHERE id = :id",
      soci::into(gateway_id), soci::into(account), soci::into(owned.site.name), soci::into(owned.site.address.zip),
      soci::into(owned.site.address.pref), soci::into(owned.site.address.city), soci::into(owned.site.address.addr),
      soci::use(key);
  if (!session_.got_data()) return std::nullopt;
  owned.ownership_id = ownership_id;
  owned.account_id = account;
  owned.device = *transaction_.inventory().find(gateway_id);
  return owned;
}

std::vector<OwnedGateway> SqlGateways::of_account(std::int64_t account_id) {
  const auto key = static_cast<long long>(account_id);
  const soci::rowset<long long> ids =
      (session_.prepare << "SELECT id FROM ownerships WHERE account_id = :account AND until_time IS NULL "
                           "ORDER BY site_name, gateway_id",
       soci::use(key));
  const std::vector<long long> found(ids.begin(), ids.end());
  std::vector<OwnedGateway> gateways;
  for (const long long id : found) gateways.push_back(*of_ownership(id));
  return gateways;
}

std::int64_t SqlGateways::claim(const std::string& gateway_id, std::int64_t account_id, const model::Site& site) {
  const auto account = static_cast<long long>(account_id);
  const Time now = transaction_.now();
  session_ << "INSERT INTO ownerships (gateway_id, account_id, site_name, zip, pref, city, addr, from_time) "
              "VALUES (:gateway, :account, :site, :zip, :pref, :city, :addr, :now)",
      soci::use(gateway_id), soci::use(account), soci::use(site.name), soci::use(site.address.zip),
      soci::use(site.address.pref), soci::use(site.address.city), soci::use(site.address.addr), soci::use(now);
  const auto ownership = static_cast<long long>(owned(gateway_id)->ownership_id);
  session_ << "UPDATE gateways SET heard_or_claimed = :now WHERE gateway_id = :gateway AND last_seen IS NOT NULL",
      soci::use(now), soci::use(gateway_id);
  // GW-11: the first owner sees from first contact on, faults that stand included.
  session_ << "UPDATE episodes SET ownership_id = :ownership WHERE gateway_id = :gateway AND ownership_id IS NULL AND "
              "NOT EXISTS (SELECT 1 FROM ownerships WHERE gateway_id = :gateway2 AND id <> :ownership2)",
      soci::use(ownership), soci::use(gateway_id), soci::use(gateway_id), soci::use(ownership);
  return ownership;
}

void SqlGateways::set_site(std::int64_t ownership_id, const model::Site& site) {
  const auto key = static_cast<long long>(ownership_id);
  session_ << "UPDATE ownerships SET site_name = :site, zip = :zip, pref = :pref, city = :city, addr = :addr "
              "WHERE id = :id",
      soci::use(site.name), soci::use(site.address.zip), soci::use(site.address.pref), soci::use(site.address.city),
      soci::use(site.address.addr), soci::use(key);
}

void SqlGateways::release(std::int64_t ownership_id) {
  const auto key = static_cast<long long>(ownership_id);
  const Time now = transaction_.now();
  session_ << "UPDATE ownerships SET until_time = :now WHERE id = :id", soci::use(now), soci::use(key);
}

void SqlGateways::forget_sites(std::int64_t account_id) {
  const auto key = static_cast<long long>(account_id);
  session_ << "UPDATE ownerships SET site_name = '', zip = '', pref = '', city = '', addr = '' WHERE account_id = :id",
      soci::use(key);
}

std::vector<Link> SqlLinks::where(const std::string& condition, long long value) {
  const soci::rowset<soci::row> rows =
      (session_.prepare
           << "SELECT id, gateway_id, ownership_id, dealer_id, slot, linked FROM links WHERE ended IS NULL AND "
           << condition << " ORDER BY slot, gateway_id",
       soci::use(value));
  std::vector<Link> links;
  for (const auto& row : rows)
    links.push_back({key_at(row, 0), row.get<std::string>(1), row.get<long long>(2), row.get<int>(3), row.get<int>(4),
                     row.get<Time>(5)});
  return links;
}

std::vector<Link> SqlLinks::of_ownership(std::int64_t ownership_id) {
  return where("ownership_id = :value", ownership_id);
}

std::vector<Link> SqlLinks::of_dealer(int dealer_id) {
  return where("dealer_id = :value", dealer_id);
}

std::optional<Link> SqlLinks::find(std::int64_t ownership_id, int dealer_id) {
  for (const Link& link : of_ownership(ownership_id))
    if (link.dealer_id == dealer_id) return link;
  return std::nullopt;
}

std::optional<std::int64_t> SqlLinks::add(const Link& link) {
  const auto taken = of_ownership(link.ownership_id);
  int slot = 1;
  while (std::any_of(taken.begin(), taken.end(), [&](const Link& other) { return other.slot == slot; })) ++slot;
  if (slot > service::kDealersPerGateway) return std::nullopt;
  const auto ownership = static_cast<long long>(link.ownership_id);
  const Time now = transaction_.now();
  session_ << "INSERT INTO links (gateway_id, ownership_id, dealer_id, slot, linked) "
              "VALUES (:gateway, :ownership, :dealer, :slot, :now)",
      soci::use(link.gateway_id), soci::use(ownership), soci::use(link.dealer_id), soci::use(slot), soci::use(now);
  return find(link.ownership_id, link.dealer_id)->id;
}

void SqlLinks::end(std::int64_t id) {
  const auto key = static_cast<long long>(id);
  const Time now = transaction_.now();
  session_ << "UPDATE links SET ended = :now WHERE id = :id AND ended IS NULL", soci::use(now), soci::use(key);
}

}  // namespace v2x::store
