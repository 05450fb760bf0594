// Hostile input, one test for each kind of attack.
#include <span>

#include "backend/service/fields.hpp"
#include "backend/service/ports/accounts.hpp"
#include "backend/web/router.hpp"
#include "tests/backend/web/site_fixture.hpp"

namespace v2x::test {
namespace {

constexpr auto kScript = "\"'><script>alert(1)</script>";

class Attack : public SiteFixture {
 protected:
  /// Every GET page that this visitor may see.
  static void expect_on_no_page(Browser& visitor, const std::string& bytes) {
    for (const web::Route& route : web::all_routes()) {
      if (route.method != "GET") continue;
      visitor.get(std::string(route.path) + "?gw=01AB12345678");
      EXPECT_FALSE(visitor.has(bytes)) << route.path;
      EXPECT_NE(visitor.status, 500) << route.path;
    }
  }
};

TEST_F(Attack, ScriptInAnyFieldComesBackEscaped) {
  struct Page {
    const char* path;
    std::span<const service::FieldGroup> groups;
  };
  const std::vector<Page> pages = {{"/reg/account/regist", service::customer_registration_fields()},
                                   {"/entry/account/regist", service::dealer_registration_fields()}};
  Browser visitor = browser();
  for (const auto& [path, groups] : pages) {
    Fields form;
    for (const auto& group : groups)
      for (const auto& field : group.fields)
        for (const auto& name : field.names) form[std::string(name)] = kScript;
    EXPECT_EQ(visitor.fill(path, form).status, 422) << path;
    EXPECT_FALSE(visitor.has("<script>alert")) << path;
    for (const auto& [name, value] : form) {
      const bool kept = visitor.has("id=\"" + name + "\"") && !name.ends_with("assword") && !name.ends_with("ref");
      if (!kept) continue;
      EXPECT_EQ(visitor.value(name), "&quot;&apos;&gt;&lt;script&gt;alert(1)&lt;/script&gt;") << path << name;
    }
  }
}

TEST_F(Attack, ScriptInStoredValuesRunsOnNoPage) {
  Browser hanako = browser(), dealer = browser();
  Fields shop = dealer_form(kScript);
  shop["city"] = shop["addr"] = kScript;
  register_dealer(dealer, shop);
  Fields form = hanako_form();
  for (const auto& field : {"city", "addr", "corpName", "deptName", "siteName", "siteCity", "siteAddr"})
    form[field] = kScript;
  register_customer(hanako, form);
  link_dealer(hanako, 4001);
  dealer.fill("/entry/contactRegist", {{"contactName", "<script>alert(1)</script>"}, {"contactMail", "c@example.jp"}});
  ASSERT_EQ(dealer.status, 303);
  hanako.fill("/ctrl/login", {{"loginid", "hanako@example.jp"}, {"loginpassword", "Hanako2026"}});
  for (Browser* visitor : {&hanako, &dealer}) expect_on_no_page(*visitor, "<script>alert");
  EXPECT_TRUE(dealer.get("/entry/gateways").has("&lt;script&gt;alert(1)"));
}

TEST_F(Attack, TemplateSyntaxInFieldsIsShownAsItIs) {
  Browser dealer = browser();
  const std::string syntax = "{{csrf}}{{> _acts}}${7*7}";
  Fields form = dealer_form("{{token}}");
  form["city"] = syntax;
  dealer.fill("/entry/account/regist", form).follow();
  EXPECT_EQ(dealer.text("val-city"), "{{csrf}}{{&gt; _acts}}${7*7}");
  dealer.post("/entry/account/registConfirm", {}).follow();
  decide_requests();
  EXPECT_NE(mails().at(0).body.find("{{token}} 御室 花子 様"), std::string::npos) << "nor is it in mails";
}

TEST_F(Attack, SqlInFieldsIsOnlyText) {
  Browser hanako = browser(), thief = browser();
  Fields form = hanako_form();
  form["siteName"] = "'; DROP TABLE accounts; --";
  form["addr"] = "' || (SELECT password_hash FROM accounts) || '";
  register_customer(hanako, form);
  for (const auto& id : {"' OR '1'='1", "hanako@example.jp' --", "hanako@example.jp'; DELETE FROM audit; --"})
    for (const auto& password : {"' OR '1'='1", "x"})
      EXPECT_EQ(thief.fill("/reg/login", {{"loginid", id}, {"loginpassword", password}}).status, 401) << id;
  EXPECT_FALSE(hanako.get("/reg/gateway/list?q=' OR '1'='1").has("data-gw"));
  EXPECT_FALSE(hanako.get("/reg/gateway/list?q=%25").has("data-gw")) << "% is no wildcard";
  EXPECT_EQ(hanako.get("/reg/gateway/detail?gw=01AB12345678' --").status, 404);
  EXPECT_TRUE(hanako.get("/reg/gateway/list").has("&apos;; DROP TABLE accounts; --"));
  registry_.read([](service::Transaction& tx) {
    const auto account = tx.accounts().of_mail(model::AccountKind::customer, "hanako@example.jp");
    ASSERT_TRUE(account);
    EXPECT_EQ(account->person.address.addr, "' || (SELECT password_hash FROM accounts) || '");
  });
}

TEST_F(Attack, OversizedRequestsGetAPageAndHarmNobody) {
  Browser visitor = browser();
  visitor.get("/reg/login");
  EXPECT_EQ(visitor.post("/reg/login", {{"loginid", std::string(9'000, 'a')}}).status, 413);
  EXPECT_EQ(visitor.text("sentence"), "送信された内容が大きすぎます。");
  visitor.get("/reg/login");
  std::string fields = "_csrf=" + visitor.csrf();
  for (int i = 0; i < 101; ++i) fields += "&f" + std::to_string(i) + "=";
  EXPECT_EQ(visitor.post_raw("/reg/login", fields).status, 400) << "more than 100 fields";
  EXPECT_EQ(visitor.get("/reg/login?next=/reg/" + std::string(9'000, 'a')).status / 100, 4);
  EXPECT_EQ(browser().get("/reg/login").status, 200);
}

TEST_F(Attack, BrokenEncodingsAreRefused) {
  Browser visitor = browser();
  visitor.get("/reg/login");
  const std::string csrf = visitor.csrf();
  for (const auto& bytes :
       {"%FF", "%C0%AF", "%ED%A0%80", "%F8%88%80%80%80", "%E3%81", "%00", "%", "%4", "%GG", "\xFF"}) {
    EXPECT_EQ(visitor.post_raw("/reg/login", "_csrf=" + csrf + "&loginid=" + bytes).status, 400) << bytes;
    EXPECT_EQ(visitor.get("/reg/login?next=" + std::string(bytes)).status, 400) << bytes;
  }
}

TEST_F(Attack, LineBreaksReachNoMail) {
  Browser visitor = browser();
  Fields form = dealer_form("販売店\r\nBcc: thief@example.jp");
  form["mail"] = form["mailConfirm"] = "shop@example.jp\r\nBcc: thief@example.jp";
  form["sei"] = "御室\n";
  visitor.fill("/entry/account/regist", form);
  EXPECT_EQ(visitor.status, 422);
  for (const auto& field : {"dealerName", "mail", "sei"})
    EXPECT_NE(visitor.text(std::string("err-") + field), "(none)");
  service::OutboxMail mail{.kind = "M-22", .cause = "cause", .to = "shop@example.jp"};
  mail.fields = {{"dealer", "販売店\r\nBcc: thief@example.jp"}, {"dealer_id", "4001"}};
  EXPECT_NE(texts_.render(mail).body.find("販売店Bcc: thief@example.jp 御中\n"), std::string::npos);
}

TEST_F(Attack, PathsLeadOutOfNoDirectory) {
  Browser visitor = browser();
  for (const auto& path :
       {"/static/../templates/layout.html", "/static/%2e%2e/templates/layout.html", "/static/..%2ftexts/campaign.txt",
        "/static/%2e%2e%2f%2e%2e%2f%2e%2e%2fetc/passwd", "/static//etc/passwd", "/static/..\\templates\\layout.html",
        "/../../etc/passwd", "/reg/../static/../../etc/passwd"}) {
    visitor.get(path);
    EXPECT_TRUE(visitor.status == 404 || visitor.status == 400) << path << " " << visitor.status;
    EXPECT_FALSE(visitor.has("{{") || visitor.has("root:")) << path;
  }
}

TEST_F(Attack, ForgedCsrfIsRefused) {
  Browser hanako = browser(), thief = browser();
  register_customer(hanako, hanako_form());
  thief.get("/reg/login");
  for (const std::string& csrf : {std::string(), std::string("x"), thief.csrf(), std::string(43, 'A')}) {
    EXPECT_EQ(hanako.post_raw("/reg/logout", "_csrf=" + csrf).status, 403) << csrf;
    EXPECT_EQ(hanako.text("sentence"), "ページの有効期限が切れました。もう一度操作してください。");
  }
  hanako.get("/reg/menu");
  EXPECT_EQ(hanako.status, 200) << "still logged in";
  EXPECT_EQ(hanako.get("/reg/logout?_csrf=" + hanako.csrf()).status, 405) << "GET changes nothing";
}

TEST_F(Attack, PlantedSessionIsWorthNothingAfterLogIn) {
  Browser hanako = browser(), thief = browser();
  {
    Browser once = browser();
    register_customer(once, hanako_form());
  }
  thief.get("/reg/login");
  hanako.cookies = thief.cookies;
  hanako.fill("/reg/login", {{"loginid", "hanako@example.jp"}, {"loginpassword", "Hanako2026"}}).follow();
  EXPECT_EQ(hanako.page_id(), "R20");
  EXPECT_NE(hanako.cookies, thief.cookies);
  EXPECT_EQ(thief.get("/reg/menu").status, 303);
  // Nor does a log-in leave the browser's earlier session open.
  const auto earlier = hanako.cookies;
  hanako.fill("/reg/login", {{"loginid", "hanako@example.jp"}, {"loginpassword", "Hanako2026"}});
  thief.cookies = earlier;
  EXPECT_EQ(thief.get("/reg/menu").status, 303);
  // And a cookie that is no token of ours is not taken over.
  thief.cookies = {{"reg_session", "chosen-by-somebody"}};
  thief.get("/reg/login");
  EXPECT_NE(thief.cookies.at("reg_session"), "chosen-by-somebody");
}

TEST_F(Attack, LogInLeadsNowhereElse) {
  {
    Browser once = browser();
    register_customer(once, hanako_form());
  }
  for (const auto& next : {"https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2Freg%2F%5Cevil", "%2Fentry%2Fmenu",
                           "%2Freg%2F%0D%0ASet-Cookie%3A%20a%3Db", "javascript%3Aalert(1)", "%2Fregevil"}) {
    Browser visitor = browser();
    visitor.fill(std::string("/reg/login?next=") + next,
                 {{"loginid", "hanako@example.jp"}, {"loginpassword", "Hanako2026"}});
    EXPECT_EQ(visitor.location, "/reg/menu") << next;
    EXPECT_FALSE(visitor.cookies.contains("a")) << next;
  }
}

TEST_F(Attack, RepeatedParametersAreRefused) {
  Browser visitor = browser();
  visitor.get("/reg/login");
  const std::string csrf = visitor.csrf();
  EXPECT_EQ(visitor.post_raw("/reg/login", "_csrf=" + csrf + "&loginid=a&loginid=b").status, 400);
  EXPECT_EQ(visitor.post_raw("/reg/login", "_csrf=x&_csrf=" + csrf).status, 400);
  EXPECT_EQ(visitor.post_raw("/reg/login", "_csrf=" + csrf + "&loginid=a&login%69d=b").status, 400);
  EXPECT_EQ(visitor.get("/reg/gateway/detail?gw=01AB12345678&gw=01AB12345679").status, 400);
}

}  // namespace
}  // namespace v2x::test
