// Laws over the whole route table: who may, methods, CSRF, headers; and strictness about what comes in.
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "backend/web/pages.hpp"
#include "backend/web/parse.hpp"
#include "backend/web/router.hpp"
#include "backend/web/sites.hpp"
#include "tests/backend/web/site_fixture.hpp"

namespace v2x::test {
namespace {

using web::Right;

class Routes : public SiteFixture {};

// The rights matrix by page, for a gateway of Hanako's that dealer 4001 looks after: what each sees on GET.
// "ok" 200 or a redirect within the site, "404", "L" to the log-in.
struct Row {
  std::set<std::string> pages;
  std::string owner, linked_dealer, other_dealer, other_customer, anonymous;
};
const std::vector<Row> kMatrix = {
    {{"R01", "R02", "R03", "R04", "R05", "R06", "R08", "R09", "R10", "D01",
      "D02", "D03", "D04", "D05", "D06", "D10", "D32", "M01", "M13", "manual"},
     "ok",
     "ok",
     "ok",
     "ok",
     "ok"},
    {{"R20", "R21", "R22", "R23", "R24", "R30", "R40", "R42", "R43"}, "ok", "L", "L", "ok", "L"},
    {{"R31", "R41"}, "ok", "L", "L", "404", "L"},
    {{"D07", "D20", "D21", "D30", "D31"}, "L", "ok", "ok", "L", "L"},
    {{"M02"}, "ok", "ok", "404", "404", "L"},
};

std::string verdict(const Browser& visitor) {
  if (visitor.status == 303) return visitor.location.find("/login?next=") != std::string::npos ? "L" : "ok";
  if (visitor.status == 401 && visitor.has("unauthorized")) return "L";
  if (visitor.status == 410) return "ok";  // a page for tokens, asked for without one
  return visitor.status == 200 ? "ok" : std::to_string(visitor.status);
}

TEST_F(Routes, LetInWhomTheMatrixNamesAndNobodyElse) {
  Browser owner = browser(), linked = browser(), other_dealer = browser(), taro = browser(), anonymous = browser();
  register_dealer(linked, dealer_form());
  Fields second_shop = dealer_form("販売店4002");
  second_shop["mail"] = second_shop["mailConfirm"] = "shop2@example.jp";
  register_dealer(other_dealer, second_shop);
  register_customer(owner, hanako_form());
  Fields taros = hanako_form("01AB12345679");
  taros["mail"] = taros["mailConfirm"] = "taro@example.jp";
  register_customer(taro, taros);
  link_dealer(owner, 4001);
  owner.fill("/ctrl/login", {{"loginid", "hanako@example.jp"}, {"loginpassword", "Hanako2026"}});
  taro.fill("/ctrl/login", {{"loginid", "taro@example.jp"}, {"loginpassword", "Hanako2026"}});
  linked.fill("/ctrl/login", {{"loginid", "4001"}, {"loginpassword", "Shop4001pw"}});
  other_dealer.fill("/ctrl/login", {{"loginid", "4002"}, {"loginpassword", "Shop4001pw"}});

  const std::set<std::string> choose_for_all = {"/ctrl/"};  // leads to /ctrl/home, whatever it was asked for
  for (const web::Route& route : web::all_routes()) {
    if (route.method != "GET" || choose_for_all.contains(std::string(route.path))) continue;
    const auto row = std::find_if(kMatrix.begin(), kMatrix.end(),
                                  [&](const Row& r) { return r.pages.contains(std::string(route.page)); });
    ASSERT_NE(row, kMatrix.end()) << route.path << " is missing in the matrix";
    const std::string path = std::string(route.path) + "?gw=01AB12345678";
    EXPECT_EQ(verdict(owner.get(path)), row->owner) << "owner " << path;
    EXPECT_EQ(verdict(linked.get(path)), row->linked_dealer) << "linked dealer " << path;
    EXPECT_EQ(verdict(other_dealer.get(path)), row->other_dealer) << "other dealer " << path;
    EXPECT_EQ(verdict(taro.get(path)), row->other_customer) << "other customer " << path;
    EXPECT_EQ(verdict(anonymous.get(path)), row->anonymous) << "anonymous " << path;
  }
}

TEST_F(Routes, RefuseEveryPostWithoutTheSessionsCsrf) {
  Browser hanako = browser(), other = browser();
  register_customer(hanako, hanako_form());
  other.get("/reg/login");
  for (const web::Route& route : web::all_routes()) {
    if (route.method != "POST") continue;
    const std::string path(route.path);
    EXPECT_EQ(hanako.post_raw(path, "").status, 403) << path;
    EXPECT_EQ(hanako.post_raw(path, "_csrf=" + other.csrf()).status, 403) << path;
  }
  EXPECT_TRUE(hanako.has("ページの有効期限が切れました。もう一度操作してください。"));
  EXPECT_EQ(hanako.get("/reg/menu").status, 200) << "a refused log-out logs nobody out";
}

TEST_F(Routes, AnswerAnotherMethodWith405AndUnknownPathsWith404) {
  Browser visitor = browser();
  std::map<std::string, std::set<std::string>> methods;
  for (const web::Route& route : web::all_routes()) methods[std::string(route.path)].insert(std::string(route.method));
  for (const auto& [path, known] : methods) {
    EXPECT_EQ(visitor.send("PUT", path).status, 405) << path;
    if (known.contains("POST")) continue;
    EXPECT_EQ(visitor.send("POST", path).status, 405) << path;
    EXPECT_EQ(visitor.header("Allow"), "GET") << path;
  }
  EXPECT_EQ(visitor.get("/reg/nothing").status, 404);
  EXPECT_EQ(visitor.page_id(), "error");
  EXPECT_NE(visitor.text("request-id"), "(none)");
}

TEST_F(Routes, CarryTheSecurityHeadersEverywhere) {
  Browser visitor = browser();
  for (const auto& path : {"/reg/", "/reg/menu", "/nothing", "/static/v2x.css", "/healthz"}) {
    visitor.get(path);
    EXPECT_NE(visitor.header("Content-Security-Policy").find("frame-ancestors 'none'"), std::string::npos) << path;
    EXPECT_EQ(visitor.header("X-Content-Type-Options"), "nosniff") << path;
    EXPECT_EQ(visitor.header("Referrer-Policy"), "no-referrer") << path;
  }
  EXPECT_EQ(visitor.get("/reg/login").header("Cache-Control"), "no-store");
  EXPECT_EQ(visitor.get("/healthz").status, 200);
  EXPECT_EQ(visitor.get("/readyz").status, 200);
  EXPECT_EQ(visitor.get("/").location, "/reg/");
}

TEST_F(Routes, RefuseRepeatedParametersAndBodiesThatAreTooLarge) {
  Browser visitor = browser();
  visitor.get("/reg/login");
  EXPECT_EQ(visitor.post_raw("/reg/login", "_csrf=" + visitor.csrf() + "&loginid=a&loginid=a").status, 400);
  EXPECT_EQ(visitor.get("/reg/login?next=a&next=b").status, 400);
  EXPECT_EQ(visitor.get("/reg/login?next=%FF").status, 400);
  visitor.get("/reg/login");
  EXPECT_EQ(visitor.post("/reg/login", {{"loginid", std::string(9000, 'a')}}).status, 413);
}

TEST_F(Routes, EscapeWhatPeopleEntered) {
  Browser visitor = browser();
  visitor.fill("/reg/login", {{"loginid", "\"><script>alert(1)</script>"}, {"loginpassword", "x"}});
  EXPECT_FALSE(visitor.has("<script>alert"));
}

TEST_F(Routes, LeadAfterLogInOnlyIntoTheSite) {
  const auto& reg = web::site_of(service::SiteId::reg);
  EXPECT_EQ(web::safe_next(reg, "/reg/gateway/list?q=a&p=2"), "/reg/gateway/list?q=a&p=2");
  for (const auto& bad : {"", "/", "/entry/menu", "/regx", "//evil", "/reg//evil", "/reg/\\evil", "https://evil/reg/",
                          "/reg/a\nb", "/reg/a:b"})
    EXPECT_EQ(web::safe_next(reg, bad), "/reg/menu") << bad;
}

TEST(ClientAddress, IsBelievedOnlyFromTrustedProxies) {
  const std::vector<std::string> proxies = {"127.0.0.1", "10.0.0.1"};
  EXPECT_EQ(web::client_address("127.0.0.1", "203.0.113.7", proxies), "203.0.113.7");
  EXPECT_EQ(web::client_address("127.0.0.1", "198.51.100.1, 203.0.113.7, 10.0.0.1", proxies), "203.0.113.7");
  EXPECT_EQ(web::client_address("192.0.2.9", "203.0.113.7", proxies), "192.0.2.9");
  EXPECT_EQ(web::client_address("127.0.0.1", "", proxies), "127.0.0.1");
}

TEST(PageTemplates, NeverPutAnythingInUnescaped) {
  for (const auto& entry : std::filesystem::directory_iterator(resource("web/templates"))) {
    std::stringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    EXPECT_EQ(text.str().find("{{{"), std::string::npos) << entry.path();
    EXPECT_EQ(text.str().find("{{&"), std::string::npos) << entry.path();
    EXPECT_EQ(text.str().find(" style="), std::string::npos) << entry.path();
    EXPECT_EQ(text.str().find(" onclick="), std::string::npos) << entry.path();
  }
}

}  // namespace
}  // namespace v2x::test
