#include "backend/web/rights_matrix.hpp"

#include <algorithm>
#include <array>

namespace v2x::web {
namespace {

constexpr Verdict kYes = Verdict::allowed, kNo = Verdict::not_found, kLogIn = Verdict::to_login;

// A dealer has no session on the customers' site, nor a customer on the dealers': both are asked to log in there.
constexpr std::array<RightsRow, 7> kMatrix = {{
    // row, requirements, owner, linked dealer, other dealer, other customer, anonymous
    {Right::open, "DEAL-10 DEAL-21", kYes, kYes, kYes, kYes, kYes},
    {Right::customer, "DEAL-11", kYes, kLogIn, kLogIn, kYes, kLogIn},
    {Right::owner, "DEAL-12 DEAL-13 DEAL-14 DEAL-19", kYes, kLogIn, kLogIn, kNo, kLogIn},
    {Right::dealer, "DEAL-20", kLogIn, kYes, kYes, kLogIn, kLogIn},
    {Right::linked_dealer, "DEAL-20 DEAL-05", kLogIn, kYes, kNo, kLogIn, kLogIn},
    {Right::viewer, "DEAL-15 DEAL-16 DEAL-18", kYes, kYes, kNo, kNo, kLogIn},
    {Right::tariff, "DEAL-17", kYes, kNo, kNo, kNo, kLogIn},
}};

}  // namespace

std::span<const RightsRow> rights_matrix() {
  return kMatrix;
}

const RightsRow& rights_row(Right right) {
  return *std::find_if(kMatrix.begin(), kMatrix.end(), [&](const RightsRow& row) { return row.right == right; });
}

bool may_enter(Right right, std::optional<model::AccountKind> visitor) {
  const RightsRow& row = rights_row(right);
  if (!visitor) return row.anonymous != Verdict::to_login;
  if (*visitor == model::AccountKind::customer)
    return row.owner != Verdict::to_login || row.other_customer != Verdict::to_login;
  return row.linked_dealer != Verdict::to_login || row.other_dealer != Verdict::to_login;
}

}  // namespace v2x::web
