// The rights matrix: what each kind of visitor gets on each kind of page. Every route names its row.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "backend/model/account.hpp"

namespace v2x::web {

/// The rows of the matrix.
enum class Right {
  open,           ///< everybody, where the page has a token: with a good one
  customer,       ///< a customer's own account
  owner,          ///< one gateway, by its owner
  dealer,         ///< a dealer's own account
  linked_dealer,  ///< one gateway, by a dealer that looks after it
  viewer,         ///< one gateway, by its owner or a dealer that looks after it
  tariff,         ///< one gateway's money: its owner only, though dealers come to this site, too
};

enum class Verdict {
  allowed,
  not_found,  ///< 404, as for what doesn't exist
  to_login,   ///< 303 to the site's log-in; 401 for scripts
};

/// What visitors get who are logged in wherever their account lets them; owner, links: of the gateway asked for.
struct RightsRow {
  Right right;
  std::string_view requirements;
  Verdict owner;
  Verdict linked_dealer;
  Verdict other_dealer;
  Verdict other_customer;
  Verdict anonymous;
};

std::span<const RightsRow> rights_matrix();
const RightsRow& rights_row(Right right);

/// The door of a page: whether this visitor (nullopt: nobody is logged in) may come in at all. What concerns one
/// gateway is decided behind it, by the use cases.
bool may_enter(Right right, std::optional<model::AccountKind> visitor);

}  // namespace v2x::web
