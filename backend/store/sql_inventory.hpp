// Gateways as devices in SQL.
#pragma once

#include <soci/soci.h>

#include "backend/service/ports/inventory.hpp"

namespace v2x::store {

class SqlInventory final : public service::Inventory {
 public:
  explicit SqlInventory(soci::session& session) : session_(session) {}

  bool import(const service::FactoryGateway& gateway) override;
  std::optional<std::string> gateway_of_key(const std::string& public_key) override;
  bool add_key(const std::string& gateway_id, const std::string& public_key) override;
  std::vector<service::GatewayKey> keys_of(const std::string& gateway_id) override;
  bool revoke_key(const std::string& public_key, Time at) override;
  std::int64_t revoked_keys() override;
  std::optional<service::GatewayDevice> find(const std::string& gateway_id) override;
  bool report(const std::string& gateway_id, const service::InventoryReport& report) override;
  bool report_units(const std::string& gateway_id, const std::vector<service::InventoryUnit>& units) override;
  void seen(const std::map<std::string, Time>& heard) override;
  std::optional<service::InventoryUnit> unit(const std::string& gateway_id, int unit_no) override;
  std::optional<service::Ownership> owner_at(const std::string& gateway_id, Time at) override;
  std::optional<service::Ownership> owner(const std::string& gateway_id) override;
  std::vector<std::string> silent_since(Time limit) override;
  std::optional<Time> oldest_last_seen() override;

 private:
  std::vector<service::InventoryUnit> units_of(const std::string& gateway_id);
  std::vector<service::Ownership> ownerships_of(const std::string& gateway_id);

  soci::session& session_;
};

}  // namespace v2x::store
