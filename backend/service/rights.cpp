#include "backend/service/rights.hpp"

#include <algorithm>
#include <tuple>

#include "backend/service/ports/links.hpp"

namespace v2x::service {

std::optional<OwnedGateway> as_owner(Transaction& tx, const model::Account& account, const std::string& gateway_id) {
  if (account.kind != model::AccountKind::customer) return std::nullopt;
  auto owned = tx.gateways().owned(gateway_id);
  if (!owned || owned->account_id != account.id) return std::nullopt;
  return owned;
}

std::optional<OwnedGateway> as_viewer(Transaction& tx, const model::Account& account, const std::string& gateway_id) {
  if (account.kind == model::AccountKind::customer) return as_owner(tx, account, gateway_id);
  auto owned = tx.gateways().owned(gateway_id);
  if (!owned || !tx.links().find(owned->ownership_id, account.dealer_id())) return std::nullopt;
  return owned;
}

std::vector<OwnedGateway> viewable(Transaction& tx, const model::Account& account) {
  if (account.kind == model::AccountKind::customer) return tx.gateways().of_account(account.id);
  std::vector<OwnedGateway> gateways;
  for (const Link& link : tx.links().of_dealer(account.dealer_id()))
    if (auto owned = tx.gateways().of_ownership(link.ownership_id)) gateways.push_back(std::move(*owned));
  std::sort(gateways.begin(), gateways.end(), [](const auto& a, const auto& b) {
    return std::tie(a.site.name, a.device.gateway_id) < std::tie(b.site.name, b.device.gateway_id);
  });
  return gateways;
}

}  // namespace v2x::service
