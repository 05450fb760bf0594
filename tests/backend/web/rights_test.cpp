// The rights matrix, tested over every route that the server registers: page or act, and who asks.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/contacts.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/service/ports/links.hpp"
#include "backend/service/ports/sessions.hpp"
#include "backend/service/ports/setting_requests.hpp"
#include "backend/service/secrets.hpp"
#include "backend/web/router.hpp"
#include "backend/web/sites.hpp"
#include "tests/backend/web/site_fixture.hpp"

namespace v2x::test {
namespace {

using model::AccountKind;
using service::Transaction;
using web::Right;
using web::Route;
using web::Verdict;

constexpr auto kGateway = "01AB12345678";

/// The specification's matrix by page: a page that is missing here fails the test.
const std::map<Right, std::set<std::string>> kPages = {
    {Right::open, {"R01", "R02", "R03", "R04", "R05", "R06", "R07", "R08", "R09", "R10", "R11", "R12", "R62",
                   "D01", "D02", "D03", "D04", "D05", "D06", "D10", "D11", "D12", "D32", "M01", "M13", "manual"}},
    {Right::customer,
     {"R20", "R21", "R22", "R23", "R24", "R30", "R40", "R42", "R43", "R33", "R35", "R50", "R53", "R60", "R61", "R63",
      "R64", "R65", "R66"}},
    {Right::owner, {"R31", "R32", "R34", "R41", "R51", "R52"}},
    {Right::dealer, {"D07", "D20", "D21", "D24", "D30", "D31", "D40", "D40-confirm", "D41", "D42", "D43"}},
    {Right::linked_dealer, {"D22", "D23"}},
    {Right::viewer, {"M02", "M03", "M04", "M06", "M07", "M08", "M09", "M10", "M11", "M11-confirm", "M12"}},
    {Right::tariff, {"M05"}},
};

/// Paths whose row differs from their page's: /ctrl/ only leads to the home page, whatever it was asked for.
bool leads_elsewhere(const Route& route) {
  return route.path == "/ctrl/";
}

struct Visitor {
  const char* name;
  Verdict web::RightsRow::*expected;
  std::optional<std::int64_t> account{};
};

/// A whole server with Hanako, who owns the gateway; 4001, who looks after it; 4002; and Taro.
class World : public SiteFixture {
 public:
  World() {
    SetUp();
    registry_.transact([&](Transaction& tx) { people(tx); });
  }
  ~World() override = default;
  void TestBody() override {}

  /// Logged in everywhere where this account can be.
  Browser visit(const Visitor& visitor) {
    Browser visiting = browser();
    if (!visitor.account) return visiting;
    registry_.transact([&](Transaction& tx) {
      const auto account = *tx.accounts().find(*visitor.account);
      const auto own = account.kind == AccountKind::customer ? service::SiteId::reg : service::SiteId::entry;
      for (const auto site : {own, service::SiteId::ctrl}) {
        const std::string token = service::new_token();
        tx.sessions().add({service::hash_of(token), to_string(site), account.id, tx.now(), tx.now()});
        visiting.cookies[std::string(web::site_of(site).cookie)] = token;
      }
    });
    return visiting;
  }

  std::vector<Visitor> visitors;

 private:
  void people(Transaction& tx) {
    const auto account = [&](AccountKind kind, const char* mail) {
      const model::Person person{"御室",         "花子", "オムロ", "ハナコ", mail, {"600-8530", "26", "京都市", "1"},
                                 "075-344-7000", "",     ""};
      const auto added = tx.accounts().add({0, kind, mail, "no password", "販売店", person});
      tx.accounts().note_agreement(added.id, "2019-01-01", "");
      return added;
    };
    const auto hanako = account(AccountKind::customer, "hanako@example.jp");
    const auto linked = account(AccountKind::dealer, "shop1@example.jp");
    const auto other = account(AccountKind::dealer, "shop2@example.jp");
    const auto taro = account(AccountKind::customer, "taro@example.jp");
    const auto ownership = tx.gateways().claim(kGateway, hanako.id, {"御室邸", hanako.person.address});
    tx.links().add({0, kGateway, ownership, linked.dealer_id(), 0, {}});
    tx.setting_requests().add({.gateway_id = kGateway,
                               .ownership_id = ownership,
                               .account_id = hanako.id,
                               .state = service::RequestState::sent});
    for (const auto& dealer : {linked, other})
      for (const auto& mail : {"first@example.jp", "second@example.jp"})
        tx.contacts().add({0, dealer.dealer_id(), "保守", mail, service::ContactState::verified, true, true, 0});
    visitors = {{"owner", &web::RightsRow::owner, hanako.id},
                {"linked dealer", &web::RightsRow::linked_dealer, linked.id},
                {"other dealer", &web::RightsRow::other_dealer, other.id},
                {"other customer", &web::RightsRow::other_customer, taro.id},
                {"anonymous", &web::RightsRow::anonymous, {}}};
  }
};

/// What each visitor posts where the page's own form would name something of theirs.
Fields form_for(const Route& route, const Visitor& visitor) {
  if (route.path != "/entry/contacts") return {};
  const bool second = std::string_view(visitor.name) == "other dealer";
  return {{"id", second ? "3" : "1"}, {"act", "resend"}};
}

std::string verdict(const Browser& visitor) {
  if (visitor.status == 303 && visitor.location.find("/login?next=") != std::string::npos) return "to_login";
  if (visitor.status == 401 && visitor.has("unauthorized")) return "to_login";
  if (visitor.status == 404) return "not_found";
  // 401: refused log-in; 410: a page for tokens, asked for without one; 422: an empty form.
  const std::set<int> answers = {200, 303, 401, 409, 410, 422};
  return answers.contains(visitor.status) ? "allowed" : fmt::format("status {}", visitor.status);
}

std::string to_string(Verdict expected) {
  switch (expected) {
    case Verdict::allowed:
      return "allowed";
    case Verdict::not_found:
      return "not_found";
    case Verdict::to_login:
      return "to_login";
  }
  return "";
}

Browser& ask(Browser& browser, const Route& route, const Visitor& visitor) {
  std::string path(route.path);
  // A page of a request shows Hanako's first one.
  if (const size_t part = path.find("{id}"); part != std::string::npos) path.replace(part, 4, "1");
  path += std::string("?gw=") + kGateway + "&dealer=4001&req=1";
  if (route.method == "GET") return browser.get(path);
  const auto& site = web::site_of_path(route.path);
  // Anybody can have a session of a browser, and so a good _csrf.
  auto& token = browser.cookies[std::string(site.cookie)];
  if (token.empty()) token = service::new_token();
  Fields form = form_for(route, visitor);
  form["_csrf"] = service::csrf_of(token);
  return browser.post(path, form);
}

TEST(RightsMatrix, HoldsOnEveryRouteForEveryVisitor) {
  for (const Route& route : web::all_routes()) {
    if (leads_elsewhere(route)) continue;
    World world;  // of its own: some acts change it
    // Those who may come last, so that nothing is found missing only because it is gone.
    std::stable_partition(world.visitors.begin(), world.visitors.end(), [&](const Visitor& visitor) {
      return web::rights_row(route.right).*visitor.expected != Verdict::allowed;
    });
    for (const Visitor& visitor : world.visitors) {
      Browser browser = world.visit(visitor);
      EXPECT_EQ(verdict(ask(browser, route, visitor)), to_string(web::rights_row(route.right).*visitor.expected))
          << route.method << " " << route.path << " by " << visitor.name;
    }
  }
}

TEST(RightsMatrix, NamesEveryPageOfEveryRoute) {
  for (const Route& route : web::all_routes()) {
    if (leads_elsewhere(route)) continue;
    const auto row = std::find_if(kPages.begin(), kPages.end(),
                                  [&](const auto& entry) { return entry.second.contains(std::string(route.page)); });
    ASSERT_NE(row, kPages.end()) << route.page << " of " << route.path << " is missing in the matrix";
    EXPECT_EQ(web::rights_row(route.right).requirements, web::rights_row(row->first).requirements)
        << route.method << " " << route.path;
  }
}

TEST(RightsMatrix, HasARowForEachRight) {
  for (const auto& [right, pages] : kPages) EXPECT_EQ(web::rights_row(right).right, right);
  EXPECT_EQ(web::rights_matrix().size(), kPages.size());
}

}  // namespace
}  // namespace v2x::test
