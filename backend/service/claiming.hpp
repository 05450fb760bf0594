// Registering another gateway (R21 … R24).
#pragma once

#include <optional>
#include <string>

#include "backend/model/account.hpp"
#include "backend/service/form.hpp"
#include "backend/service/passwords.hpp"
#include "backend/service/ports/drafts.hpp"
#include "backend/service/ports/inventory.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/settings.hpp"

namespace v2x::service {

inline constexpr std::string_view kTooManyGateways = "登録できるゲートウェイの数の上限に達しています。";  // GW-06

/// Thread-safe. The draft "claim" keeps the proved ID, never the password (GW-03).
class Claiming {
 public:
  Claiming(Registry& registry, Passwords& passwords, const Settings& settings)
      : registry_(registry), passwords_(passwords), settings_(settings) {}

  /// 「次に進む」 of R21. Errors: busy, locked.
  Result<FieldErrors> enter_gateway(const model::Account& account, const std::string& session_token, const Form& posted,
                                    const Caller& caller);
  /// 「次に進む」 of R22. Error: no_draft.
  Result<FieldErrors> enter_site(const std::string& session_token, const Form& posted);
  std::optional<Draft> draft(const std::string& session_token);
  /// What is known about the draft's gateway.
  GatewayDevice device(const std::string& gateway_id);
  /// 「登録」 of R23: of two at once exactly one wins. Errors: no_draft, taken.
  Status submit(const model::Account& account, const std::string& session_token, const Caller& caller);

 private:
  DraftKey key(const std::string& session_token) const;

  Registry& registry_;
  Passwords& passwords_;
  const Settings& settings_;
};

}  // namespace v2x::service
