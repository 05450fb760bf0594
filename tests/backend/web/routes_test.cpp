// Laws over the whole route table: methods, CSRF, headers; and strictness about what comes in.
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

class Routes : public SiteFixture {};

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
