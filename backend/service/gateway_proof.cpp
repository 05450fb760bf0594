#include "backend/service/gateway_proof.hpp"

#include "backend/service/fields.hpp"
#include "backend/service/ports/gateways.hpp"

namespace v2x::service {
namespace {

Result<CountedAttempt> count(Registry& registry, const Settings& settings, const std::string& id,
                             const Caller& caller) {
  return registry.transact([&](Transaction& tx) -> Result<CountedAttempt> {
    const auto claims = count_attempt(tx, settings.attempts, attempts_from(AttemptKind::claim, caller.address));
    if (!claims) return fail(claims.error());
    return count_attempt(tx, settings.attempts, attempts_of(AttemptKind::gateway_password, id));
  });
}

}  // namespace

Result<bool> holds_sheet(Registry& registry, Passwords& passwords, const Settings& settings, const Form& form,
                         const Caller& caller) {
  const std::string id = entered(form, "gatewayId");
  const std::string password = entered(form, "gatewayPassword");
  const auto counted = count(registry, settings, id, caller);
  if (!counted) return fail(counted.error());
  const auto hash = registry.read([&](Transaction& tx) { return tx.gateways().password_hash(id); });
  const auto proved = hash ? passwords.matches(*hash, password) : passwords.matches_nobody(password);
  registry.transact([&](Transaction& tx) {
    if (!proved || *proved)
      forgive(tx, *counted);
    else
      note_wrong(tx, settings.attempts, *counted, caller);
  });
  return proved;
}

Result<std::optional<FieldError>> prove_gateway(Registry& registry, Passwords& passwords, const Settings& settings,
                                                const Form& form, const Caller& caller) {
  const auto proved = holds_sheet(registry, passwords, settings, form, caller);
  if (!proved) return fail(proved.error());
  const bool owned =
      registry.read([&](Transaction& tx) { return tx.gateways().owned(entered(form, "gatewayId")).has_value(); });
  // The owner's existence is told only to who holds the sheet.
  if (!*proved) return std::optional(FieldError{"gatewayPassword", std::string(kWrongGateway)});
  if (owned) return std::optional(FieldError{"gatewayId", std::string(kGatewayTaken)});
  return std::optional<FieldError>();
}

}  // namespace v2x::service
