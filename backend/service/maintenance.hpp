// The gateways that a dealer looks after: what it may see of them and their owners (DEAL-05), and ending a link
// (DEAL-07).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backend/model/account.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/service/ports/links.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/settings.hpp"

namespace v2x::service {

/// A gateway with its owner, as a linked dealer sees it.
struct EntrustedGateway {
  OwnedGateway gateway;
  model::Account owner;
  Link link;
};

/// Ends all links of a dealer, telling the owners (M-24), and forgets its contacts: its account is about to be closed.
void end_all_maintenance(Transaction& tx, const model::Account& dealer, const Caller& caller);

/// Thread-safe. A gateway that the dealer isn't linked to is the error "not_found".
class Maintenance {
 public:
  Maintenance(Registry& registry, const Settings& settings) : registry_(registry), settings_(settings) {}

  /// Sorted by 設置先, then ID.
  std::vector<EntrustedGateway> list(const model::Account& dealer);
  std::optional<EntrustedGateway> find(const model::Account& dealer, const std::string& gateway_id);

  /// 「終了」 of D23, once: done, too, when this browser has ended it already.
  Status end(const model::Account& dealer, const std::string& session_token, const std::string& gateway_id,
             const Caller& caller);
  /// Whether D24 has something to say.
  bool has_ended(const std::string& session_token);

 private:
  Registry& registry_;
  const Settings& settings_;
};

}  // namespace v2x::service
