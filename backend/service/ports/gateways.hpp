// Gateways as property: who claimed which, where it stands.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backend/model/account.hpp"
#include "backend/service/ports/inventory.hpp"

namespace v2x::service {

/// A gateway in its current ownership period.
struct OwnedGateway {
  std::int64_t ownership_id = 0;
  std::int64_t account_id = 0;
  model::Site site;
  GatewayDevice device;
};

class Gateways {
 public:
  virtual ~Gateways() = default;
  /// argon2id of the printed password; absent for an unknown gateway.
  virtual std::optional<std::string> password_hash(const std::string& gateway_id) = 0;
  virtual std::optional<OwnedGateway> owned(const std::string& gateway_id) = 0;
  virtual std::optional<OwnedGateway> of_ownership(std::int64_t ownership_id) = 0;
  /// Sorted by 設置先, then ID.
  virtual std::vector<OwnedGateway> of_account(std::int64_t account_id) = 0;
  /// Starts an ownership period now. The caller has made sure that there is none.
  virtual std::int64_t claim(const std::string& gateway_id, std::int64_t account_id, const model::Site& site) = 0;
  virtual void set_site(std::int64_t ownership_id, const model::Site& site) = 0;
  /// Ends an ownership period now.
  virtual void release(std::int64_t ownership_id) = 0;
  /// Forgets where the gateways stood that the account owned (AUTH-12).
  virtual void forget_sites(std::int64_t account_id) = 0;
};

}  // namespace v2x::service
