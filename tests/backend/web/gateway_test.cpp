// A customer edits a gateway's place and gives the gateway back, over HTTP: R31 … R35.
#include "backend/service/ports/alarms.hpp"
#include "backend/service/ports/gateways.hpp"
#include "tests/backend/web/site_fixture.hpp"

namespace v2x::test {
namespace {

constexpr auto kEdit = "/reg/gateway/edit?gw=01AB12345678";
constexpr auto kRelease = "/reg/gateway/release?gw=01AB12345678";

class OwnGateway : public SiteFixture {
 protected:
  void SetUp() override {
    SiteFixture::SetUp();
    make_dealers(2);
    register_customer(hanako_, hanako_form());
  }
  static Fields new_place() {
    return {{"siteName", "御室 別邸"}, {"siteZip1", "541"},    {"siteZip2", "0055"},
            {"sitePref", "27"},        {"siteCity", "大阪市"}, {"siteAddr", "1-4-5"}};
  }
  void open_episode() {
    registry_.transact([](service::Transaction& tx) {
      service::Episode episode;
      episode.gateway_id = "01AB12345678";
      episode.ownership_id = tx.gateways().owned("01AB12345678")->ownership_id;
      episode.unit_no = 1;
      episode.code = "E1-1";
      episode.cause = "a cause";
      episode.raised_at = episode.received_at = tx.now();
      episode.mail_due_at = tx.now() + std::chrono::minutes(10);
      tx.alarms().add(episode);
    });
  }
  Browser hanako_ = browser();
};

TEST_F(OwnGateway, IsEditedOverAConfirmationPage) {
  hanako_.get(kEdit);
  EXPECT_EQ(hanako_.page_id(), "R32");
  EXPECT_EQ(hanako_.value("siteName"), "御室邸");
  EXPECT_EQ(hanako_.value("siteZip2"), "8530");
  hanako_.post(kEdit, new_place()).follow();
  EXPECT_EQ(hanako_.page_id(), "R33");
  EXPECT_EQ(hanako_.text("val-siteCity"), "大阪市");
  EXPECT_EQ(hanako_.get(kEdit).value("siteName"), "御室 別邸") << "back keeps what was entered";
  hanako_.get("/reg/gateway/editConfirm");
  const std::string csrf = hanako_.csrf();
  for (int press = 0; press < 2; ++press)
    EXPECT_EQ(hanako_.post("/reg/gateway/editConfirm", {{"_csrf", csrf}}).location,
              "/reg/gateway/detail?gw=01AB12345678");
  hanako_.follow();
  EXPECT_EQ(hanako_.text("notice"), "ゲートウェイ情報を変更しました。");
  EXPECT_TRUE(hanako_.has("大阪府大阪市1-4-5"));
}

TEST_F(OwnGateway, KeepsItsPlaceWhenTheEditIsWrong) {
  Fields form = new_place();
  form["siteName"] = "";
  hanako_.fill(kEdit, form);
  EXPECT_EQ(hanako_.status, 422);
  EXPECT_EQ(hanako_.text("err-siteName"), "設置先を入力してください。");
  EXPECT_EQ(hanako_.value("siteCity"), "大阪市");
  EXPECT_TRUE(hanako_.get("/reg/gateway/detail?gw=01AB12345678").has("御室邸"));
}

TEST_F(OwnGateway, ReleaseAsksForThePasswordAgain_GW10) {
  hanako_.get(kRelease);
  EXPECT_EQ(hanako_.page_id(), "R34");
  EXPECT_EQ(hanako_.post(kRelease, {{"password", ""}}).text("err-password"), "パスワードを入力してください。");
  EXPECT_EQ(hanako_.post(kRelease, {{"password", "Wrong2026"}}).text("err-password"), "パスワードが正しくありません。");
  EXPECT_EQ(hanako_.get("/reg/gateway/detail?gw=01AB12345678").status, 200);
}

TEST_F(OwnGateway, ReleaseEndsEverythingThatHangsOnIt_GW10) {
  link_dealer(hanako_, 4001);
  link_dealer(hanako_, 4002);
  open_episode();
  Browser watching = browser(), dealer = browser();
  watching.fill("/ctrl/login", log_in_form());
  dealer.fill("/ctrl/login", log_in_form("4001", "Shop4001pw"));
  EXPECT_EQ(dealer.get("/ctrl/home?gw=01AB12345678").status, 200);

  hanako_.get(kRelease);
  const std::string csrf = hanako_.csrf();
  for (int press = 0; press < 2; ++press)
    EXPECT_EQ(hanako_.post(kRelease, {{"_csrf", csrf}, {"password", "Hanako2026"}}).location,
              "/reg/gateway/releaseComplete");
  EXPECT_EQ(hanako_.follow().page_id(), "R35");
  EXPECT_EQ(mail_count("M-08"), 2);
  EXPECT_EQ(mail_count("M-10"), 1);
  EXPECT_EQ(watching.get("/ctrl/home?gw=01AB12345678").status, 404);
  EXPECT_EQ(dealer.get("/ctrl/home?gw=01AB12345678").status, 404);
  EXPECT_EQ(hanako_.get("/reg/gateway/detail?gw=01AB12345678").status, 404);
  registry_.read([](service::Transaction& tx) {
    EXPECT_FALSE(tx.alarms().next_mail_due()) << "open episodes close without mail";
    for (const auto& row : tx.outbox().decisions(0))
      if (row.cause == "a cause") {
        EXPECT_EQ(row.decision, "released");
      }
  });
}

TEST_F(OwnGateway, IsFreeForTheNextOwnerWhoSeesNothingFromBefore_GW11) {
  hanako_.fill(kRelease, {{"password", "Hanako2026"}});
  clock_.advance_to(start() + std::chrono::hours(1));
  Browser taro = browser();
  Fields form = hanako_form();
  form["mail"] = form["mailConfirm"] = "taro@example.jp";
  register_customer(taro, form);
  const auto owner =
      registry_.read([](service::Transaction& tx) { return tx.inventory().owner("01AB12345678").value(); });
  EXPECT_EQ(owner.visible_from, clock_.now());
  EXPECT_EQ(hanako_.get("/reg/gateway/detail?gw=01AB12345678").location.find("/reg/login"), 0u) << "idle for an hour";
}

TEST_F(OwnGateway, ReleasedAndClaimedAgainCanBeReleasedAgain) {
  const Fields password = {{"password", "Hanako2026"}};
  hanako_.fill(kRelease, password);
  hanako_.fill("/reg/gateway/regist", {{"gatewayId", "01AB12345678"}, {"gatewayPassword", "abcedfghijk12"}}).follow();
  hanako_.post("/reg/gateway/registInfo", new_place()).follow();
  hanako_.post("/reg/gateway/registConfirm", {}).follow();
  ASSERT_EQ(hanako_.page_id(), "R24");
  hanako_.fill(kRelease, password);
  EXPECT_EQ(mail_count("M-10"), 2);
  EXPECT_EQ(hanako_.get("/reg/gateway/detail?gw=01AB12345678").status, 404);
}

}  // namespace
}  // namespace v2x::test
