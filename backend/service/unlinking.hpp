// Taking a gateway out of a dealer's hands, the customer's part (LINK-07, LINK-08).
#pragma once

#include <optional>
#include <string>

#include "backend/model/account.hpp"
#include "backend/service/linking.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/settings.hpp"

namespace v2x::service {

inline constexpr std::string_view kUnlinkedAlready = "この販売店様の保守はすでに解除されています。";

/// A gateway of the account, and the dealer whose link is to end.
struct UnlinkProposal {
  OwnedGateway gateway;
  model::Account dealer;
  std::vector<model::Account> remaining;  ///< who stays, by slot
};

/// Thread-safe. A gateway that isn't the account's, or a dealer that isn't linked to it, is the error "not_found".
class Unlinking {
 public:
  Unlinking(Registry& registry, const Settings& settings) : registry_(registry), settings_(settings) {}

  /// What R52 shows.
  Result<UnlinkProposal> proposal(const model::Account& account, const std::string& gateway_id,
                                  const std::string& dealer_id);
  /// 「解除」 of R52: end and mail in one transaction. Done, too, when this browser did it already. Error "ended": the
  /// link was ended elsewhere.
  Status submit(const model::Account& account, const std::string& session_token, const std::string& gateway_id,
                const std::string& dealer_id, const Caller& caller);
  /// Whether this browser has just ended that link.
  bool has_ended(const std::string& session_token, const std::string& gateway_id, const std::string& dealer_id);
  /// Whether R53 has something to say.
  bool has_ended_any(const std::string& session_token);

 private:
  Registry& registry_;
  const Settings& settings_;
};

}  // namespace v2x::service
