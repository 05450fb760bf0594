// Changing what a gateway's owner says about it: 案件 and 設置先住所 (R32, R33).
#pragma once

#include <optional>
#include <string>

#include "backend/model/account.hpp"
#include "backend/service/fields.hpp"
#include "backend/service/ports/drafts.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/settings.hpp"

namespace v2x::service {

/// Thread-safe. A gateway that isn't the account's is the error "not_found". The draft "edit" names its gateway.
class SiteEditing {
 public:
  SiteEditing(Registry& registry, const Settings& settings) : registry_(registry), settings_(settings) {}

  std::optional<OwnedGateway> find(const model::Account& account, const std::string& gateway_id);
  /// What R32 starts with: the draft of this gateway, else what is registered.
  Form form(const OwnedGateway& gateway, const std::string& session_token);
  /// 「次に進む」 of R32.
  Result<FieldErrors> enter(const model::Account& account, const std::string& session_token,
                            const std::string& gateway_id, const Form& posted);
  std::optional<Draft> draft(const std::string& session_token);
  /// 「登録」 of R33. Errors: no_draft, not_found.
  Status submit(const model::Account& account, const std::string& session_token, const Caller& caller);

 private:
  Registry& registry_;
  const Settings& settings_;
};

}  // namespace v2x::service
