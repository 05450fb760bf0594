// What is known about gateways as devices: keys, models, units, when they were heard.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"

namespace v2x::service {

/// A line of the factory's list.
struct FactoryGateway {
  std::string gateway_id;
  std::string password_hash;  ///< argon2id
  std::string public_key;     ///< CURVE, Z85
};

/// One line of パワーコンディショナ構成情報.
struct InventoryUnit {
  int unit_no = 0;
  std::string model;
  std::string serial;
  std::string kind;  ///< pv_pcs, ev_pcs, meter, unknown
  std::string firmware;
  bool operator==(const InventoryUnit&) const = default;
};

struct InventoryReport {
  std::string model;
  std::string serial;
  std::string firmware;
  std::vector<InventoryUnit> units;
  bool operator==(const InventoryReport&) const = default;
};

struct GatewayDevice {
  std::string gateway_id;
  InventoryReport report;
  std::optional<Time> first_seen;
  std::optional<Time> last_seen;
  std::int64_t settings_revision = 0;
};

/// A CURVE key of a gateway.
struct GatewayKey {
  std::string public_key;
  std::optional<Time> revoked{};
};

/// A period in which an account owns a gateway (GW-11).
struct Ownership {
  std::int64_t id = 0;
  std::int64_t account_id = 0;
  std::string site_name;
  Time from{};
  std::optional<Time> until;
  Time visible_from{};  ///< the first owner sees everything, a later one only what came after the claim
};

class Inventory {
 public:
  virtual ~Inventory() = default;

  /// False when the gateway or its key is known already (nothing is changed then).
  virtual bool import(const FactoryGateway& gateway) = 0;
  virtual std::optional<std::string> gateway_of_key(const std::string& public_key) = 0;  ///< of an unrevoked key
  /// False when the key is known already.
  virtual bool add_key(const std::string& gateway_id, const std::string& public_key) = 0;
  virtual std::vector<GatewayKey> keys_of(const std::string& gateway_id) = 0;
  virtual bool revoke_key(const std::string& public_key, Time at) = 0;
  /// How many keys were revoked so far: while it stays, an answer of gateway_of_key() with a gateway does, too.
  virtual std::int64_t revoked_keys() = 0;

  virtual std::optional<GatewayDevice> find(const std::string& gateway_id) = 0;
  /// True when this changed what was known.
  virtual bool report(const std::string& gateway_id, const InventoryReport& report) = 0;
  /// True when the units changed; model and serial of the gateway itself stay.
  virtual bool report_units(const std::string& gateway_id, const std::vector<InventoryUnit>& units) = 0;
  /// First and last contact, by gateway.
  virtual void seen(const std::map<std::string, Time>& heard) = 0;
  virtual std::optional<InventoryUnit> unit(const std::string& gateway_id, int unit_no) = 0;

  virtual std::optional<Ownership> owner_at(const std::string& gateway_id, Time at) = 0;
  virtual std::optional<Ownership> owner(const std::string& gateway_id) = 0;

  /// The owned gateways that were last seen before `limit` and have no open episode COM: they fell silent.
  virtual std::vector<std::string> silent_since(Time limit) = 0;
  /// The oldest last_seen of the owned gateways that are not known to be silent.
  virtual std::optional<Time> oldest_last_seen() = 0;
};

}  // namespace v2x::service
