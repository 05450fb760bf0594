// Who knows the password printed on a gateway's sheet may register it, while nobody owns it (GW-03).
#pragma once

#include <optional>

#include "backend/service/form.hpp"
#include "backend/service/passwords.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/settings.hpp"

namespace v2x::service {

inline constexpr std::string_view kGatewayTaken = "入力されたゲートウェイはすでに登録されています。";  // GW-03

/// Whether `gatewayId` and `gatewayPassword` of a form belong together. Errors as below.
Result<bool> holds_sheet(Registry& registry, Passwords& passwords, const Settings& settings, const Form& form,
                         const Caller& caller);
/// Judges `gatewayId` and `gatewayPassword` of a form: nullopt when they are proved. Errors: "busy" when the pool is
/// full, "locked" after too many wrong passwords for this ID (GW-05) or tries from this address (SEC-09).
Result<std::optional<FieldError>> prove_gateway(Registry& registry, Passwords& passwords, const Settings& settings,
                                                const Form& form, const Caller& caller);

}  // namespace v2x::service
