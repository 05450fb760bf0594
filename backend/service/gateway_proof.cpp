#include "backend/service/gateway_proof.hpp"

#include <utility>

#include "backend/service/fields.hpp"
#include "backend/service/ports/gateways.hpp"

namespace v2x::service {

Result<std::optional<FieldError>> prove_gateway(Registry& registry, Passwords& passwords, const Form& form) {
  const std::string id = entered(form, "gatewayId");
  const std::string password = entered(form, "gatewayPassword");
  const auto [hash, owned] = registry.read([&](Transaction& tx) {
    return std::pair(tx.gateways().password_hash(id), tx.gateways().owned(id).has_value());
  });
  const auto proved = hash ? passwords.matches(*hash, password) : passwords.matches_nobody(password);
  if (!proved) return fail(proved.error());
  // The owner's existence is told only to who holds the sheet.
  if (!*proved) return std::optional(FieldError{"gatewayPassword", std::string(kWrongGateway)});
  if (owned) return std::optional(FieldError{"gatewayId", std::string(kGatewayTaken)});
  return std::optional<FieldError>();
}

}  // namespace v2x::service
