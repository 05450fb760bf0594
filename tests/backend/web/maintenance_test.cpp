// A dealer's gateways: what it sees of them and their owners, and how looking after one ends.
#include "tests/backend/web/site_fixture.hpp"

namespace v2x::test {
namespace {

constexpr auto kDetail = "/entry/gateways/detail?gw=01AB12345678";
constexpr auto kEnd = "/entry/gateways/end?gw=01AB12345678";

class MaintenanceOfGateways : public SiteFixture {
 protected:
  void SetUp() override {
    SiteFixture::SetUp();
    register_dealer(dealer_, dealer_form());
    register_customer(hanako_, hanako_form());
    link_dealer(hanako_, 4001);
  }
  Browser dealer_ = browser(), hanako_ = browser();
};

TEST_F(MaintenanceOfGateways, ShowsTheCustomersRegistrationAndTheSystem) {
  dealer_.get("/entry/gateways");
  EXPECT_TRUE(dealer_.has("href=\"/entry/gateways/detail?gw=01AB12345678\""));
  EXPECT_EQ(dealer_.get(kDetail).page_id(), "D22");
  EXPECT_EQ(dealer_.text("val-name"), "御室 花子");
  EXPECT_EQ(dealer_.text("val-tel"), "075-344-7000");
  EXPECT_EQ(dealer_.text("val-mail"), "hanako@example.jp");
  EXPECT_EQ(dealer_.text("val-address"), "京都府京都市下京区塩小路通堀川東入");
  EXPECT_EQ(dealer_.text("val-gatewayId"), "01AB12345678");
  EXPECT_EQ(dealer_.text("val-linked"), "2020/02/14 12:00");
  EXPECT_TRUE(dealer_.has("id=\"lnk-monitoring\" href=\"http://ctrl/ctrl/home?gw=01AB12345678\""));
}

TEST_F(MaintenanceOfGateways, EndsAtOnceWithAMailToTheOwner) {
  EXPECT_EQ(dealer_.get(kEnd).page_id(), "D23");
  dealer_.post(kEnd, {}).follow();
  EXPECT_EQ(dealer_.page_id(), "D24");
  ASSERT_EQ(mail_count("M-24"), 1);
  const Mail mail = mails().back();
  EXPECT_EQ(mail.to, "hanako@example.jp");
  EXPECT_EQ(mail.subject, "【保守終了のお知らせ】");
  EXPECT_EQ(mail.body,
            "御室 花子 様\n\n"
            "販売店様(販売店4001、販売店ID 4001)が下記ゲートウェイの保守を終了しました。\n"
            "ゲートウェイID:01AB12345678  設置先:御室邸  終了日時:2020/02/14 12:00\n\n"
            "本メールは送信専用です。ご返信いただいてもお答えできません。\n");
  EXPECT_EQ(dealer_.get(kDetail).status, 404) << "its rights end at commit";
  EXPECT_FALSE(dealer_.get("/entry/gateways").has("data-gw"));
  EXPECT_TRUE(hanako_.get("/reg/gateway/detail?gw=01AB12345678").has("保守を任せている販売店様はありません。"));
}

TEST_F(MaintenanceOfGateways, EndedTwiceLeadsToTheSamePageWithOneMail) {
  dealer_.get(kEnd);
  const std::string csrf = dealer_.csrf();
  for (int press = 0; press < 2; ++press)
    EXPECT_EQ(dealer_.post(kEnd, {{"_csrf", csrf}}).location, "/entry/gateways/endComplete") << press;
  EXPECT_EQ(mail_count("M-24"), 1);
}

TEST_F(MaintenanceOfGateways, IsOverWhenTheCustomerEndedItMeanwhile) {
  dealer_.get(kEnd);
  const std::string csrf = dealer_.csrf();
  hanako_.fill("/reg/dealer/unlinkConfirm?gw=01AB12345678&dealer=4001", {});
  ASSERT_EQ(hanako_.status, 303);
  EXPECT_EQ(dealer_.post(kEnd, {{"_csrf", csrf}}).status, 404);
  EXPECT_EQ(mail_count("M-24"), 0);
}

TEST_F(MaintenanceOfGateways, EndCompleteSaysNothingToWhoEndedNothing) {
  EXPECT_EQ(dealer_.get("/entry/gateways/endComplete").location, "/entry/gateways");
}

TEST_F(MaintenanceOfGateways, CanBeTakenUpAgain) {
  dealer_.fill(kEnd, {});
  link_dealer(hanako_, 4001);
  EXPECT_EQ(dealer_.get(kDetail).status, 200);
  dealer_.fill(kEnd, {}).follow();
  EXPECT_EQ(mail_count("M-24"), 2);
}

TEST_F(MaintenanceOfGateways, AllEndWhenTheDealersAccountIsClosed) {
  dealer_.fill("/entry/contactRegist", {{"contactName", "保守 一郎"}, {"contactMail", "contact1@example.jp"}});
  EXPECT_EQ(dealer_.get("/entry/account/close").page_id(), "D43");
  EXPECT_EQ(dealer_.post("/entry/account/close", {{"password", "Wrong2026"}, {"agree", "1"}}).status, 422);
  EXPECT_EQ(dealer_.post("/entry/account/close", {{"password", "Shop4001pw"}, {"agree", "1"}}).status, 303);
  EXPECT_EQ(mail_count("M-24"), 1);
  EXPECT_TRUE(hanako_.get("/reg/gateway/detail?gw=01AB12345678").has("保守を任せている販売店様はありません。"));
  EXPECT_EQ(dealer_.fill("/entry/login", {{"loginid", "4001"}, {"loginpassword", "Shop4001pw"}}).status, 401);
  Browser next = browser();
  register_dealer(next, dealer_form());
  EXPECT_EQ(next.text("dealer-id"), "4002") << "a number is never given twice";
}

}  // namespace
}  // namespace v2x::test
