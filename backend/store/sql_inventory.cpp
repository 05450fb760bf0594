#include "backend/store/sql_inventory.hpp"

#include "backend/store/sql.hpp"

namespace v2x::store {

using service::GatewayDevice;
using service::InventoryReport;
using service::InventoryUnit;
using service::Ownership;

bool SqlInventory::import(const service::FactoryGateway& gateway) {
  int known = 0;
  session_ << "SELECT (SELECT count(*) FROM gateways WHERE gateway_id = :gateway) + "
              "(SELECT count(*) FROM gateway_keys WHERE public_key = :key)",
      soci::into(known), soci::use(gateway.gateway_id), soci::use(gateway.public_key);
  if (known > 0) return false;
  session_ << "INSERT INTO gateways (gateway_id, password_hash) VALUES (:gateway, :hash)",
      soci::use(gateway.gateway_id), soci::use(gateway.password_hash);
  session_ << "INSERT INTO gateway_keys (public_key, gateway_id) VALUES (:key, :gateway)",
      soci::use(gateway.public_key), soci::use(gateway.gateway_id);
  return true;
}

std::optional<std::string> SqlInventory::gateway_of_key(const std::string& public_key) {
  std::string gateway_id;
  session_ << "SELECT gateway_id FROM gateway_keys WHERE public_key = :key AND revoked_at IS NULL",
      soci::into(gateway_id), soci::use(public_key);
  if (!session_.got_data()) return std::nullopt;
  return gateway_id;
}

bool SqlInventory::add_key(const std::string& gateway_id, const std::string& public_key) {
  soci::statement insert =
      (session_.prepare << "INSERT INTO gateway_keys (public_key, gateway_id) VALUES (:key, :gateway) "
                           "ON CONFLICT (public_key) DO NOTHING",
       soci::use(public_key), soci::use(gateway_id));
  return changed_rows(insert) > 0;
}

std::vector<service::GatewayKey> SqlInventory::keys_of(const std::string& gateway_id) {
  const soci::rowset<soci::row> rows =
      (session_.prepare << "SELECT public_key, revoked_at FROM gateway_keys WHERE gateway_id = :gateway "
                           "ORDER BY revoked_at IS NOT NULL, revoked_at, public_key",
       soci::use(gateway_id));
  std::vector<service::GatewayKey> keys;
  for (const auto& row : rows) keys.push_back({row.get<std::string>(0), row.get<std::optional<Time>>(1)});
  return keys;
}

bool SqlInventory::revoke_key(const std::string& public_key, Time at) {
  soci::statement update =
      (session_.prepare << "UPDATE gateway_keys SET revoked_at = :at WHERE public_key = :key AND revoked_at IS NULL",
       soci::use(at), soci::use(public_key));
  return changed_rows(update) > 0;
}

std::int64_t SqlInventory::revoked_keys() {
  long long count = 0;
  session_ << "SELECT count(*) FROM gateway_keys WHERE revoked_at IS NOT NULL", soci::into(count);
  return count;
}

std::optional<GatewayDevice> SqlInventory::find(const std::string& gateway_id) {
  GatewayDevice device;
  device.gateway_id = gateway_id;
  long long revision = 0;
  session_ << "SELECT model, serial, firmware, first_seen, last_seen, settings_revision FROM gateways "
              "WHERE gateway_id = :gateway",
      soci::into(device.report.model), soci::into(device.report.serial), soci::into(device.report.firmware),
      soci::into(device.first_seen), soci::into(device.last_seen), soci::into(revision), soci::use(gateway_id);
  if (!session_.got_data()) return std::nullopt;
  device.settings_revision = revision;
  device.report.units = units_of(gateway_id);
  return device;
}

std::vector<InventoryUnit> SqlInventory::units_of(const std::string& gateway_id) {
  const soci::rowset<soci::row> rows =
      (session_.prepare << "SELECT unit_no, model, serial, kind, firmware FROM units WHERE gateway_id = :gateway "
                           "ORDER BY unit_no",
       soci::use(gateway_id));
  std::vector<InventoryUnit> units;
  for (const auto& row : rows)
    units.push_back({row.get<int>(0), row.get<std::string>(1), row.get<std::string>(2), row.get<std::string>(3),
                     row.get<std::string>(4)});
  return units;
}

bool SqlInventory::report(const std::string& gateway_id, const InventoryReport& report) {
  soci::statement update =
      (session_.prepare
           << "UPDATE gateways SET model = :model, serial = :serial, firmware = :firmware WHERE gateway_id "
              "= :gateway AND (model <> :model2 OR serial <> :serial2 OR firmware <> :firmware2)",
       soci::use(report.model), soci::use(report.serial), soci::use(report.firmware), soci::use(gateway_id),
       soci::use(report.model), soci::use(report.serial), soci::use(report.firmware));
  const bool gateway_changed = changed_rows(update) > 0;
  return report_units(gateway_id, report.units) || gateway_changed;
}

bool SqlInventory::report_units(const std::string& gateway_id, const std::vector<InventoryUnit>& units) {
  if (units_of(gateway_id) == units) return false;
  session_ << "DELETE FROM units WHERE gateway_id = :gateway", soci::use(gateway_id);
  for (const auto& unit : units)
    session_
        << "INSERT INTO units (gateway_id, unit_no, model, serial, kind, firmware) "
           "VALUES (:gateway, :unit, :model, :serial, :kind, :firmware) ON CONFLICT (gateway_id, unit_no) DO NOTHING",
        soci::use(gateway_id), soci::use(unit.unit_no), soci::use(unit.model), soci::use(unit.serial),
        soci::use(unit.kind), soci::use(unit.firmware);
  return true;
}

void SqlInventory::seen(const std::map<std::string, Time>& heard) {
  std::string gateway;
  Time at{};
  soci::statement update =
      (session_.prepare << "UPDATE gateways SET first_seen = coalesce(first_seen, :first), last_seen = :last, "
                           "heard_or_claimed = :heard WHERE gateway_id = :gateway",
       soci::use(at), soci::use(at), soci::use(at), soci::use(gateway));
  for (const auto& [gateway_id, time] : heard) {
    gateway = gateway_id;
    at = time;
    update.execute(true);
  }
}

std::optional<InventoryUnit> SqlInventory::unit(const std::string& gateway_id, int unit_no) {
  InventoryUnit unit;
  unit.unit_no = unit_no;
  session_ << "SELECT model, serial, kind, firmware FROM units WHERE gateway_id = :gateway AND unit_no = :unit",
      soci::into(unit.model), soci::into(unit.serial), soci::into(unit.kind), soci::into(unit.firmware),
      soci::use(gateway_id), soci::use(unit_no);
  if (!session_.got_data()) return std::nullopt;
  return unit;
}

std::vector<Ownership> SqlInventory::ownerships_of(const std::string& gateway_id) {
  const soci::rowset<soci::row> rows =
      (session_.prepare << "SELECT id, account_id, site_name, from_time, until_time FROM ownerships "
                           "WHERE gateway_id = :gateway ORDER BY from_time, id",
       soci::use(gateway_id));
  std::vector<Ownership> ownerships;
  for (const auto& row : rows) {
    Ownership ownership;
    ownership.id = key_at(row, 0);
    ownership.account_id = row.get<long long>(1);
    ownership.site_name = row.get<std::string>(2);
    ownership.from = row.get<Time>(3);
    ownership.until = row.get<std::optional<Time>>(4);
    // GW-11: the first owner sees from first contact on.
    ownership.visible_from = ownerships.empty() ? Time{} : ownership.from;
    ownerships.push_back(std::move(ownership));
  }
  return ownerships;
}

std::optional<Ownership> SqlInventory::owner_at(const std::string& gateway_id, Time at) {
  std::optional<Ownership> found;
  for (auto& ownership : ownerships_of(gateway_id))
    if (ownership.visible_from <= at && (!ownership.until || at < *ownership.until)) found = std::move(ownership);
  return found;
}

std::optional<Ownership> SqlInventory::owner(const std::string& gateway_id) {
  for (auto& ownership : ownerships_of(gateway_id))
    if (!ownership.until) return ownership;
  return std::nullopt;
}

// Owned, has reported, and not known to be silent: the gateways whose silence would be news.
#define V2X_WATCHED                                                                                                 \
  "FROM gateways WHERE last_seen IS NOT NULL "                                                                      \
  "AND EXISTS (SELECT 1 FROM ownerships WHERE ownerships.gateway_id = gateways.gateway_id AND until_time IS NULL) " \
  "AND NOT EXISTS (SELECT 1 FROM episodes WHERE episodes.gateway_id = gateways.gateway_id AND code = 'COM' "        \
  "AND state = 'open') "

std::vector<std::string> SqlInventory::silent_since(Time limit) {
  const soci::rowset<std::string> rows =
      (session_.prepare << "SELECT gateway_id " V2X_WATCHED "AND heard_or_claimed <= :limit ORDER BY gateway_id",
       soci::use(limit));
  return {rows.begin(), rows.end()};
}

std::optional<Time> SqlInventory::oldest_last_seen() {
  std::optional<Time> oldest;
  session_ << "SELECT heard_or_claimed " V2X_WATCHED "ORDER BY heard_or_claimed LIMIT 1", soci::into(oldest);
  return oldest;
}

#undef V2X_WATCHED

}  // namespace v2x::store
