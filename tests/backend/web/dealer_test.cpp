// Dealers: registration, numbers, contacts; and logging in on all sites.
#include "backend/service/ports/contacts.hpp"
#include "tests/backend/web/site_fixture.hpp"

namespace v2x::test {
namespace {

class Dealer : public SiteFixture {
 protected:
  static Fields contact(const std::string& mail) {
    return {{"contactName", "保守 一郎"}, {"contactMail", mail}, {"notifyFault", "1"}};
  }
};

TEST_F(Dealer, GetsTheNextNumberFrom4001) {
  Browser first = browser(), second = browser();
  register_dealer(first, dealer_form());
  EXPECT_EQ(first.text("dealer-id"), "4001");
  Fields form = dealer_form("販売店4002");
  form["mail"] = form["mailConfirm"] = "shop2@example.jp";
  register_dealer(second, form);
  EXPECT_EQ(second.text("dealer-id"), "4002");
  EXPECT_EQ(mail_count("M-22"), 2);
  EXPECT_NE(mails()[0].body.find("販売店4001 御室 花子 様"), std::string::npos);
}

TEST_F(Dealer, MayShareItsAddressWithACustomer) {
  Browser customer = browser(), dealer = browser();
  register_customer(customer, hanako_form());
  register_dealer(dealer, dealer_form());
  EXPECT_EQ(dealer.text("dealer-id"), "4001");
}

TEST_F(Dealer, ContactIsVerifiedByPostFromItsMail) {
  Browser dealer = browser(), contact_person = browser();
  register_dealer(dealer, dealer_form());
  EXPECT_EQ(dealer.get("/entry/menu").text("warning"), "異常発生時のメールを受け取る保守担当者が登録されていません。");
  dealer.fill("/entry/contactRegist", contact("contact1@example.jp")).follow();
  EXPECT_EQ(dealer.page_id(), "D30");
  EXPECT_TRUE(dealer.has("確認待ち"));
  ASSERT_EQ(mail_count("M-23"), 1);
  const std::string path = "/entry/contact/verify?id=" + token_of("M-23");
  contact_person.get(path);
  contact_person.get(path);
  EXPECT_TRUE(dealer.get("/entry/contacts").has("確認待ち")) << "GET changes nothing";
  contact_person.post(path, {}).follow();
  EXPECT_EQ(contact_person.text("verified"), "メールアドレスの確認が完了しました。");
  EXPECT_TRUE(dealer.get("/entry/contacts").has("確認済"));
  EXPECT_EQ(dealer.text("warning"), "(none)");
}

TEST_F(Dealer, KeepsAtLeastOneAndAtMostTenContacts) {
  Browser dealer = browser();
  register_dealer(dealer, dealer_form());
  for (int i = 1; i <= 10; ++i)
    EXPECT_EQ(dealer.fill("/entry/contactRegist", contact("c" + std::to_string(i) + "@example.jp")).status, 303) << i;
  EXPECT_EQ(dealer.fill("/entry/contactRegist", contact("c11@example.jp")).status, 422);
  EXPECT_EQ(dealer.fill("/entry/contactRegist", contact("C1@example.jp")).text("err-contactMail"),
            "このメールアドレスはすでに登録されています。");
  for (int i = 1; i <= 9; ++i)
    EXPECT_EQ(dealer.fill("/entry/contacts", {{"id", std::to_string(i)}, {"act", "remove"}}).status, 303) << i;
  dealer.fill("/entry/contacts", {{"id", "10"}, {"act", "remove"}});
  EXPECT_EQ(dealer.status, 422);
  EXPECT_TRUE(dealer.has("保守担当者は1件以上必要です。"));
}

TEST_F(Dealer, ChangedAddressOfAContactIsConfirmedAgain) {
  Browser dealer = browser();
  register_dealer(dealer, dealer_form());
  dealer.fill("/entry/contactRegist", contact("contact1@example.jp"));
  dealer.fill("/entry/contact/verify?id=" + token_of("M-23"), {});
  dealer.fill("/entry/contactRegist?id=1", contact("other@example.jp")).follow();
  EXPECT_TRUE(dealer.has("確認待ち"));
  EXPECT_EQ(mail_count("M-23"), 2);
}

TEST_F(Dealer, CannotTouchAnotherDealersContact) {
  Browser first = browser(), second = browser();
  register_dealer(first, dealer_form());
  Fields form = dealer_form("販売店4002");
  form["mail"] = form["mailConfirm"] = "shop2@example.jp";
  register_dealer(second, form);
  first.fill("/entry/contactRegist", contact("contact1@example.jp"));
  EXPECT_EQ(second.get("/entry/contactRegist?id=1").status, 404);
  EXPECT_EQ(second.fill("/entry/contacts", {{"id", "1"}, {"act", "remove"}}).status, 404);
}

TEST_F(Dealer, LinkedOneSeesTheGatewayWithItsState) {
  Browser hanako = browser(), dealer = browser();
  register_dealer(dealer, dealer_form());
  register_customer(hanako, hanako_form());
  EXPECT_FALSE(dealer.get("/entry/gateways").has("data-gw"));
  link_dealer(hanako, 4001);
  dealer.get("/entry/gateways");
  EXPECT_TRUE(dealer.has("data-gw=\"01AB12345678\""));
  EXPECT_TRUE(dealer.has("御室 花子 様"));
  EXPECT_TRUE(dealer.has("dot-never\">未接続"));
  EXPECT_FALSE(dealer.get("/entry/gateways?state=fault").has("data-gw"));
}

TEST_F(Dealer, LogInRefusesEveryoneWithOneText) {
  Browser hanako = browser(), dealer = browser();
  register_customer(hanako, hanako_form());
  register_dealer(dealer, dealer_form());
  struct Case {
    const char *path, *id, *password;
    int status;
  };
  const std::vector<Case> cases = {{"/reg/login", "hanako@example.jp", "Hanako2026", 303},
                                   {"/reg/login", "Hanako@example.jp", "Hanako2026", 401},
                                   {"/reg/login", "hanako@example.jp", "hanako2026", 401},
                                   {"/reg/login", "nobody@example.jp", "Hanako2026", 401},
                                   {"/reg/login", "4001", "Shop4001pw", 401},
                                   {"/entry/login", "4001", "Shop4001pw", 303},
                                   {"/entry/login", "04001", "Shop4001pw", 401},
                                   {"/entry/login", "hanako@example.jp", "Hanako2026", 401},
                                   {"/ctrl/login", "4001", "Shop4001pw", 303},
                                   {"/ctrl/login", "hanako@example.jp", "Hanako2026", 303},
                                   {"/ctrl/login", "", "", 401}};
  for (const Case& c : cases) {
    Browser visitor = browser();
    visitor.fill(c.path, {{"loginid", c.id}, {"loginpassword", c.password}});
    EXPECT_EQ(visitor.status, c.status) << c.path << " " << c.id << " " << c.password;
    EXPECT_EQ(visitor.has("ユーザIDまたはパスワードが正しくありません。"), c.status == 401) << c.path;
  }
}

TEST_F(Dealer, SessionEndsWhenIdleAtLogOutAndAfterHalfADay) {
  Browser dealer = browser();
  register_dealer(dealer, dealer_form());
  const auto logged_in = [&] { return dealer.get("/entry/menu").status == 200; };
  const auto log_in = [&] { dealer.fill("/entry/login", {{"loginid", "4001"}, {"loginpassword", "Shop4001pw"}}); };
  Time now = start();
  const auto pass = [&](std::chrono::minutes span) { clock_.advance_to(now += span); };
  pass(std::chrono::minutes(29));
  EXPECT_TRUE(logged_in());
  pass(std::chrono::minutes(29));
  EXPECT_TRUE(logged_in());
  pass(std::chrono::minutes(30));
  EXPECT_FALSE(logged_in());
  log_in();
  for (int visit = 0; visit < 35; ++visit) {
    pass(std::chrono::minutes(20));
    EXPECT_TRUE(logged_in()) << visit;
  }
  pass(std::chrono::minutes(20));
  EXPECT_FALSE(logged_in()) << "12 h after the log-in";
  log_in();
  dealer.get("/entry/menu");
  const auto stolen = dealer.cookies;
  EXPECT_EQ(dealer.post("/entry/logout", {}).location, "/entry/login");
  dealer.cookies = stolen;
  EXPECT_FALSE(logged_in()) << "log-out ends the session on the server";
}

}  // namespace
}  // namespace v2x::test
