// Who knows the password printed on a gateway's sheet may register it, while nobody owns it (GW-03).
#pragma once

#include <optional>

#include "backend/service/form.hpp"
#include "backend/service/passwords.hpp"
#include "backend/service/registry.hpp"

namespace v2x::service {

inline constexpr std::string_view kGatewayTaken = "入力されたゲートウェイはすでに登録されています。";  // GW-03

/// Judges `gatewayId` and `gatewayPassword` of a form: nullopt when they are proved. Error "busy" when the pool is
/// full.
Result<std::optional<FieldError>> prove_gateway(Registry& registry, Passwords& passwords, const Form& form);

}  // namespace v2x::service
