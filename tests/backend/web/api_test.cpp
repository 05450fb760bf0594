// The app's API over HTTP: tokens, rights, limits, strictness (API-01 … API-11).
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "backend/service/ports/gateways.hpp"
#include "backend/service/ports/sessions.hpp"
#include "backend/service/secrets.hpp"
#include "backend/web/api/api_router.hpp"
#include "tests/backend/web/app_client.hpp"
#include "tests/backend/web/site_fixture.hpp"

namespace v2x::test {
namespace {

using service::Transaction;
using std::chrono::days;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;

class ApiTest : public SiteFixture {
 protected:
  void SetUp() override {
    SiteFixture::SetUp();
    register_customer(hanako_, hanako_form());
    app_.log_in("hanako@example.jp", "Hanako2026");
  }
  AppClient app() {
    AppClient client(server_.port());
    client.forwarded_for = fmt::format("198.51.100.{}", ++apps_);
    return client;
  }

  int apps_ = 0;
  Browser hanako_ = browser();
  AppClient app_{server_.port()};
};

TEST_F(ApiTest, LogsInByTheIdAndPasswordOfTheSites_API02) {
  AppClient phone = app();
  const AppAnswer answer = phone.log_in("hanako@example.jp", "Hanako2026");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body["name"], "御室 花子");
  EXPECT_EQ(answer.body["role"], "customer");
  EXPECT_EQ(answer.body["expires_at"], format_time(start() + days(30)));
  EXPECT_EQ(phone.get("/sites").status, 200);
  hanako_.get("/reg/history");
  EXPECT_TRUE(hanako_.has("アプリ"));
  EXPECT_TRUE(hanako_.has("Pixel 8"));
}

TEST_F(ApiTest, RefusesEveryWrongLogInAlike_AUTH02) {
  AppClient phone = app();
  for (const auto& [id, password] : std::map<std::string, std::string>{
           {"hanako@example.jp", "Wrong2026"}, {"nobody@example.jp", "Hanako2026"}, {"4001", "Shop4001pw"}}) {
    const AppAnswer answer = phone.log_in(id, password);
    EXPECT_EQ(answer.status, 401) << id;
    EXPECT_EQ(answer.body["detail"], "ユーザIDまたはパスワードが正しくありません。");
  }
}

TEST_F(ApiTest, CountsWithTheSitesWrongLogIns_SEC07) {
  Browser same_place(server_.port());
  same_place.forwarded_for = "203.0.113.9";
  AppClient phone(server_.port());
  phone.forwarded_for = "203.0.113.9";
  for (int i = 0; i < 5; ++i) {
    phone.log_in("hanako@example.jp", "Wrong2026");
    same_place.fill("/reg/login", log_in_form("hanako@example.jp", "Wrong2026"));
  }
  const AppAnswer answer = phone.log_in("hanako@example.jp", "Hanako2026");
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.body["type"], "locked");
  EXPECT_EQ(answer.headers.at("Retry-After"), "900");
}

TEST_F(ApiTest, TokensEndAfterFourteenDaysWithoutUse_API02) {
  clock_.advance_to(start() + days(14) - minutes(1));
  EXPECT_EQ(app_.get("/sites").status, 200);
  clock_.advance_to(clock_.now() + days(14));
  EXPECT_EQ(app_.get("/sites").status, 401);
}

TEST_F(ApiTest, TokensEndAfterThirtyDaysHoweverUsed_API02) {
  for (int day = 10; day < 30; day += 10) {
    clock_.advance_to(start() + days(day));
    EXPECT_EQ(app_.get("/sites").status, 200);
    AppClient other = app();
    other.log_in("hanako@example.jp", "Hanako2026");  // a log-in elsewhere ends nothing
  }
  clock_.advance_to(start() + days(30));
  EXPECT_EQ(app_.get("/sites").status, 401);
}

TEST_F(ApiTest, LogOutKillsTheToken_API03) {
  EXPECT_EQ(app_.post("/logout", nlohmann::json::object()).status, 204);
  EXPECT_EQ(app_.get("/sites").status, 401);
  EXPECT_EQ(app_.post("/logout", nlohmann::json::object()).status, 401);
}

TEST_F(ApiTest, A_ChangeOfThePasswordKillsTheTokens_AUTH05) {
  hanako_.fill("/reg/password",
               {{"currentPassword", "Hanako2026"}, {"password", "Hanako2027"}, {"passwordConfirm", "Hanako2027"}});
  EXPECT_EQ(app_.get("/sites").status, 401);
  EXPECT_EQ(app_.log_in("hanako@example.jp", "Hanako2027").status, 200);
}

TEST_F(ApiTest, TokensAreKeptAsHashesAndSitesHaveTheirOwn_SEC02) {
  registry_.read([&](Transaction& tx) {
    EXPECT_FALSE(tx.sessions().find(app_.token));
    ASSERT_TRUE(tx.sessions().find(service::hash_of(app_.token)));
    EXPECT_EQ(tx.sessions().find(service::hash_of(app_.token))->site, "api");
  });
  AppClient thief = app();
  thief.token = hanako_.cookies.at("reg_session");
  EXPECT_EQ(thief.get("/sites").status, 401);
  Browser cookie = browser();
  cookie.cookies["ctrl_session"] = app_.token;
  EXPECT_EQ(cookie.get("/ctrl/home").status, 303);
}

TEST_F(ApiTest, TokensAndBodiesThatAreNoneAreRefused) {
  AppClient nobody = app();
  for (const auto& token : {"", "x", "<script>"}) {
    nobody.token = token;
    const AppAnswer answer = nobody.get("/sites");
    EXPECT_EQ(answer.status, 401) << token;
    EXPECT_EQ(answer.content_type, "application/problem+json");
    EXPECT_EQ(answer.body["type"], "unauthorized");
  }
  for (const auto& body : {"{", "[]", "7", R"({"user_id":"a","user_id":"b","password":"x","device":"d"})",
                           R"({"user_id":"a","password":"x","device":"d","more":1})"})
    EXPECT_EQ(nobody.send("POST", "/login", body).status, 400) << body;
  EXPECT_EQ(nobody.send("POST", "/login", R"({"user_id":"a","password":7,"device":"d"})").status, 422);
  EXPECT_EQ(nobody.send("POST", "/login", R"({"user_id":"a"})").body["errors"].size(), 2u);
  EXPECT_EQ(nobody.send("POST", "/login", "{\"user_id\":\"" + std::string(9000, 'a') + "\"}").status, 413);
  EXPECT_EQ(app_.get("/sites?order=1").status, 400);
  EXPECT_EQ(app_.get("/sites?limit=0").status, 422);
  EXPECT_EQ(app_.get("/sites?limit=101").status, 422);
  EXPECT_EQ(app_.get("/nothing").status, 404);
  EXPECT_EQ(app_.send("PUT", "/sites", "").status, 405);
  EXPECT_EQ(app_.send("PUT", "/sites", "").headers.at("Allow"), "GET");
}

TEST_F(ApiTest, ShowsSitesPageByPage_API04) {
  registry_.transact([&](Transaction& tx) {
    const auto owner = tx.gateways().owned("01AB12345678")->account_id;
    tx.gateways().claim("01AB12345679", owner, {"車庫", {"600-8530", "26", "京都市", "1"}});
    tx.gateways().claim("01AB12345680", owner, {"別荘", {"600-8530", "26", "京都市", "2"}});
  });
  std::vector<std::string> ids;
  std::string path = "/sites?limit=2";
  while (!path.empty()) {
    const AppAnswer page = app_.get(path);
    ASSERT_EQ(page.status, 200);
    for (const auto& site : page.body) ids.push_back(site["gateway_id"]);
    const auto link = page.headers.find("Link");
    path = link == page.headers.end() ? "" : link->second.substr(8, link->second.find('>') - 8);
  }
  EXPECT_THAT(ids, ElementsAre("01AB12345678", "01AB12345679", "01AB12345680"));
  EXPECT_EQ(app_.get("/sites").body[0]["site_name"], "御室邸");
  EXPECT_EQ(app_.get("/sites").body[0]["status"], "never_reported");
  EXPECT_TRUE(app_.get("/sites").body[0]["last_seen"].is_null());
}

TEST_F(ApiTest, ShowsWhatTheHomePageShows_API05) {
  const AppAnswer answer = app_.get("/sites/01AB12345678/now");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body["status"], "never_reported");
  EXPECT_TRUE(answer.body["pv_w"].is_null());
  EXPECT_TRUE(answer.body["today"]["pv_wh"].is_null());
}

TEST_F(ApiTest, LimitsRequestsOfOneToken_SEC09) {
  for (int i = 0; i < 120; ++i) ASSERT_EQ(app_.get("/sites").status, 200) << i;
  EXPECT_EQ(app_.get("/sites").status, 429);
  AppClient tablet = app();
  tablet.log_in("hanako@example.jp", "Hanako2026");
  EXPECT_EQ(tablet.get("/sites").status, 200);
  clock_.advance_to(clock_.now() + minutes(1));
  EXPECT_EQ(app_.get("/sites").status, 200);
}

/// DEAL-22: each route as the page that uses it, for whoever asks.
TEST_F(ApiTest, FollowsTheRightsMatrix_DEAL22) {
  make_dealers(2);
  link_dealer(hanako_, 4001);
  Browser taro_browser = browser();
  Fields form = hanako_form("01AB12345679");
  form["mail"] = form["mailConfirm"] = "taro@example.jp";
  register_customer(taro_browser, form);
  AppClient linked = app(), other_dealer = app(), taro = app(), anonymous = app();
  ASSERT_EQ(linked.log_in("4001", "Shop4001pw").status, 200);
  ASSERT_EQ(other_dealer.log_in("4002", "Shop4001pw").status, 200);
  ASSERT_EQ(taro.log_in("taro@example.jp", "Hanako2026").status, 200);
  for (const web::ApiRoute& route : web::all_api_routes()) {
    std::string path(route.path.substr(std::string_view("/api/v1").size()));
    const size_t at = path.find("{gw}");
    if (at == std::string::npos) {
      if (route.right == web::Right::open) continue;
      EXPECT_EQ(anonymous.send(std::string(route.method), path, "").status, 401) << path;
      continue;
    }
    path.replace(at, 4, "01AB12345678");
    if (const size_t id = path.find("{id}"); id != std::string::npos) continue;  // one that nobody made: 404 for all
    const std::string method(route.method);
    const auto status = [&](AppClient& client) { return client.send(method, path, "").status; };
    EXPECT_NE(status(app_), 404) << path;
    EXPECT_NE(status(linked), 404) << path;
    EXPECT_EQ(status(other_dealer), 404) << path;
    EXPECT_EQ(status(taro), 404) << path;
    EXPECT_EQ(status(anonymous), 401) << path;
  }
  registry_.transact([](Transaction& tx) { tx.gateways().release(tx.gateways().owned("01AB12345678")->ownership_id); });
  EXPECT_EQ(app_.get("/sites/01AB12345678/now").status, 404) << "GW-10";
  EXPECT_EQ(linked.get("/sites/01AB12345678/now").status, 404) << "GW-10";
}

}  // namespace
}  // namespace v2x::test
