// Claiming further gateways and letting dealers look after them, with their races.
#include <latch>
#include <thread>

#include "backend/service/claiming.hpp"
#include "backend/service/linking.hpp"
#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/links.hpp"
#include "tests/backend/web/site_fixture.hpp"

namespace v2x::test {
namespace {

class Link : public SiteFixture {
 protected:
  static Fields gateway_form(const std::string& id = "01AB12345679") {
    return {{"gatewayId", id}, {"gatewayPassword", "abcedfghijk12"}};
  }
  static Fields place_form() {
    return {{"siteName", "西の家"}, {"siteZip1", "541"},    {"siteZip2", "0055"},
            {"sitePref", "27"},     {"siteCity", "大阪市"}, {"siteAddr", "1-4-5"}};
  }
  void prepare_claim(Browser& customer, const std::string& id) {
    customer.fill("/reg/gateway/regist", gateway_form(id)).follow();
    customer.post("/reg/gateway/registInfo", place_form()).follow();
    ASSERT_EQ(customer.page_id(), "R23") << customer.body;
  }
  Fields other_customer() {
    Fields form = hanako_form("01AB12345680");
    form["mail"] = form["mailConfirm"] = "taro@example.jp";
    return form;
  }
  size_t links() {
    return registry_.read([](service::Transaction& tx) {
      return tx.links().of_ownership(tx.gateways().owned("01AB12345678")->ownership_id).size();
    });
  }
};

TEST_F(Link, SecondGatewayIsClaimedThroughItsFourPages) {
  Browser hanako = browser();
  register_customer(hanako, hanako_form());
  hanako.fill("/reg/gateway/regist", gateway_form("01ab12345679")).follow();
  EXPECT_EQ(hanako.page_id(), "R22");
  EXPECT_EQ(hanako.text("val-gatewayId"), "01AB12345679") << "half-width lower case is raised";
  EXPECT_EQ(hanako.text("val-firstContact"), "未接続");
  EXPECT_TRUE(hanako.has("パワーコンディショナ構成情報はありません。"));
  hanako.post("/reg/gateway/registInfo", place_form()).follow();
  EXPECT_EQ(hanako.text("val-siteName"), "西の家");
  EXPECT_EQ(hanako.post("/reg/gateway/registConfirm", {}).follow().page_id(), "R24");
  EXPECT_TRUE(hanako.get("/reg/gateway/detail?gw=01AB12345679").has("大阪府大阪市1-4-5"));
}

TEST_F(Link, AnAccountHasAtMostItsNumberOfGateways_GW06) {
  settings_.gateways_per_account = 1;
  Browser hanako = browser();
  register_customer(hanako, hanako_form());
  hanako.fill("/reg/gateway/regist", gateway_form());
  EXPECT_EQ(hanako.status, 422);
  EXPECT_EQ(hanako.text("err-gatewayId"), "登録できるゲートウェイの数の上限に達しています。");
}

TEST_F(Link, OfTwoClaimsAtOnceExactlyOneWins) {
  Browser hanako = browser(), taro = browser();
  register_customer(hanako, hanako_form());
  register_customer(taro, other_customer());
  prepare_claim(hanako, "01AB12345679");
  prepare_claim(taro, "01AB12345679");
  std::latch both(2);
  const auto press = [&](Browser& customer) {
    both.arrive_and_wait();
    customer.post("/reg/gateway/registConfirm", {});
  };
  std::thread other([&] { press(taro); });
  press(hanako);
  other.join();
  EXPECT_EQ(std::min(hanako.status, taro.status), 303);
  EXPECT_EQ(std::max(hanako.status, taro.status), 409);
  const Browser& loser = hanako.status == 409 ? hanako : taro;
  EXPECT_EQ(loser.text("err-gatewayId"), "入力されたゲートウェイはすでに登録されています。");
}

TEST_F(Link, ShowsTheDealersNameBeforeItMailsToIt) {
  make_dealers(1);
  Browser hanako = browser();
  register_customer(hanako, hanako_form());
  EXPECT_TRUE(hanako.get("/reg/dealer/search").has("/reg/dealer/link?gw=01AB12345678"));
  hanako.fill("/reg/dealer/link?gw=01AB12345678", link_form(4001)).follow();
  EXPECT_EQ(hanako.page_id(), "R42");
  EXPECT_EQ(hanako.text("val-dealerName"), "販売店4001");
  EXPECT_EQ(mail_count("M-20"), 0);
  const std::string csrf = hanako.csrf();
  for (int press = 0; press < 2; ++press)
    EXPECT_EQ(hanako.post("/reg/dealer/linkConfirm", {{"_csrf", csrf}}).location, "/reg/dealer/linkComplete");
  EXPECT_EQ(mail_count("M-20"), 1);
  EXPECT_EQ(links(), 1u);
  EXPECT_TRUE(hanako.get("/reg/gateway/detail?gw=01AB12345678").has("data-dealer=\"4001\""));
}

TEST_F(Link, RefusesEveryMismatchWithTheSameText) {
  make_dealers(1);
  Browser hanako = browser();
  register_customer(hanako, hanako_form());
  Fields wrong_number = link_form(4001);
  wrong_number["dealerTel3"] = "9998";
  for (const Fields& form : {wrong_number, link_form(4002)}) {
    hanako.fill("/reg/dealer/link?gw=01AB12345678", form);
    EXPECT_EQ(hanako.status, 422);
    EXPECT_EQ(hanako.text("err-dealerId"), "販売店IDまたは電話番号が正しくありません。");
    EXPECT_FALSE(hanako.has("販売店4001"));
  }
}

TEST_F(Link, StaysWhenTheDealersTelephoneChangesAndNewOnesNeedTheNewNumber_LINK09) {
  Browser dealer = browser(), hanako = browser();
  register_dealer(dealer, dealer_form());
  register_customer(hanako, hanako_form());
  prepare_claim(hanako, "01AB12345679");
  hanako.post("/reg/gateway/registConfirm", {});
  link_dealer(hanako, 4001);
  Fields moved = dealer_form();
  moved["tel3"] = "9998";
  moved["currentPassword"] = "Shop4001pw";
  dealer.fill("/entry/profile", moved).follow();
  dealer.post("/entry/profileConfirm", {}).follow();
  ASSERT_EQ(dealer.page_id(), "D20") << dealer.body;

  EXPECT_EQ(links(), 1u);
  hanako.fill("/reg/dealer/link?gw=01AB12345679", link_form(4001));
  EXPECT_EQ(hanako.text("err-dealerId"), "販売店IDまたは電話番号が正しくありません。");
  Fields form = link_form(4001);
  form["dealerTel3"] = "9998";
  EXPECT_EQ(hanako.fill("/reg/dealer/link?gw=01AB12345679", form).status, 303);
}

TEST_F(Link, OfADealerThatIsLinkedAlreadyIsRefused) {
  make_dealers(1);
  Browser hanako = browser();
  register_customer(hanako, hanako_form());
  link_dealer(hanako, 4001);
  hanako.fill("/reg/dealer/link?gw=01AB12345678", link_form(4001));
  EXPECT_EQ(hanako.text("err-dealerId"), "この販売店様はすでに登録されています。");
}

TEST_F(Link, SixthDealerIsRefusedAndOfTwoForTheFifthPlaceOneWins) {
  make_dealers(6);
  Browser hanako = browser(), second_window = browser();
  register_customer(hanako, hanako_form());
  for (const int dealer : {4001, 4002, 4003, 4004}) link_dealer(hanako, dealer);
  second_window.fill("/reg/login", {{"loginid", "hanako@example.jp"}, {"loginpassword", "Hanako2026"}});
  hanako.fill("/reg/dealer/link?gw=01AB12345678", link_form(4005)).follow();
  second_window.fill("/reg/dealer/link?gw=01AB12345678", link_form(4006)).follow();
  ASSERT_EQ(second_window.page_id(), "R42");
  std::latch both(2);
  const auto press = [&](Browser& window) {
    both.arrive_and_wait();
    window.post("/reg/dealer/linkConfirm", {});
  };
  std::thread other([&] { press(second_window); });
  press(hanako);
  other.join();
  EXPECT_EQ(std::min(hanako.status, second_window.status), 303);
  EXPECT_EQ(std::max(hanako.status, second_window.status), 409);
  const Browser& loser = hanako.status == 409 ? hanako : second_window;
  EXPECT_EQ(loser.page_id(), "R41");
  EXPECT_TRUE(loser.has("保守を依頼する販売店様のIDは最大5個まで登録できます。"));
  EXPECT_EQ(links(), 5u);
  EXPECT_EQ(mail_count("M-20"), 5);
  hanako.get("/reg/dealer/link?gw=01AB12345678");
  EXPECT_TRUE(hanako.has("保守を依頼する販売店様のIDは最大5個まで登録できます。"));
  EXPECT_EQ(hanako.text("dealerId"), "(none)") << "no form with five dealers";
}

}  // namespace
}  // namespace v2x::test
