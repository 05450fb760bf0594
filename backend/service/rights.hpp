// Who may see and do what with a gateway (the rights matrix), asked by every use case (SEC-16).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backend/model/account.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/service/registry.hpp"

namespace v2x::service {

/// The gateway when `account` owns it (DEAL-12 … DEAL-14, DEAL-17, DEAL-19).
std::optional<OwnedGateway> as_owner(Transaction& tx, const model::Account& account, const std::string& gateway_id);
/// The gateway when `account` owns it or is a dealer linked to it now (DEAL-15, DEAL-16).
std::optional<OwnedGateway> as_viewer(Transaction& tx, const model::Account& account, const std::string& gateway_id);
/// All that `account` may view, sorted by 設置先, then ID (MON-06).
std::vector<OwnedGateway> viewable(Transaction& tx, const model::Account& account);

}  // namespace v2x::service
