// A customer takes a gateway out of a dealer's hands, over HTTP: R50 … R53.
#include "tests/backend/web/site_fixture.hpp"

namespace v2x::test {
namespace {

class Unlink : public SiteFixture {
 protected:
  void SetUp() override {
    SiteFixture::SetUp();
    make_dealers(2);
    register_customer(hanako_, hanako_form());
    link_dealer(hanako_, 4001);
    link_dealer(hanako_, 4002);
  }
  static std::string confirm(int dealer) {
    return "/reg/dealer/unlinkConfirm?gw=01AB12345678&dealer=" + std::to_string(dealer);
  }
  Browser hanako_ = browser();
};

TEST_F(Unlink, LeadsThroughItsFourPagesAndMailsTheDealer_LINK07) {
  hanako_.get("/reg/dealer/unlinkSearch");
  EXPECT_EQ(hanako_.page_id(), "R50");
  EXPECT_TRUE(hanako_.has("/reg/dealer/unlink?gw=01AB12345678"));
  hanako_.get("/reg/dealer/unlink?gw=01AB12345678");
  EXPECT_EQ(hanako_.page_id(), "R51");
  EXPECT_TRUE(hanako_.has("<a data-dealer=\"4001\""));
  hanako_.get(confirm(4001));
  EXPECT_EQ(hanako_.page_id(), "R52");
  EXPECT_EQ(hanako_.text("val-dealerId"), "4001");
  EXPECT_TRUE(hanako_.has("data-dealer=\"4002\"")) << "who remains";
  EXPECT_FALSE(hanako_.has("data-dealer=\"4001\""));
  EXPECT_EQ(mail_count("M-21"), 0);
  hanako_.post(confirm(4001), {}).follow();
  EXPECT_EQ(hanako_.page_id(), "R53");
  EXPECT_TRUE(hanako_.has("販売店様に連絡用のメールを送信しました。"));
  EXPECT_EQ(mail_count("M-21"), 1);
  hanako_.get("/reg/gateway/detail?gw=01AB12345678");
  EXPECT_FALSE(hanako_.has("data-dealer=\"4001\""));
  EXPECT_TRUE(hanako_.has("data-dealer=\"4002\""));
}

TEST_F(Unlink, EndsTheDealersRightsAtOnceInOpenPages_LINK07) {
  Browser dealer = browser();
  dealer.fill("/ctrl/login", log_in_form("4001", "Shop4001pw"));
  EXPECT_EQ(dealer.get("/ctrl/home?gw=01AB12345678").status, 200);
  hanako_.fill(confirm(4001), {});
  EXPECT_EQ(dealer.get("/ctrl/home?gw=01AB12345678").status, 404);
}

TEST_F(Unlink, HasOneEffectWhenPressedTwiceAndBackLeadsOn) {
  hanako_.get(confirm(4001));
  const std::string csrf = hanako_.csrf();
  for (int press = 0; press < 2; ++press)
    EXPECT_EQ(hanako_.post(confirm(4001), {{"_csrf", csrf}}).location, "/reg/dealer/unlinkComplete");
  EXPECT_EQ(mail_count("M-21"), 1);
  EXPECT_EQ(hanako_.get(confirm(4001)).location, "/reg/dealer/unlinkComplete");
}

TEST_F(Unlink, SaysThatItEndedElsewhere) {
  Browser window = browser();
  window.fill("/reg/login", log_in_form());
  window.get(confirm(4001));
  hanako_.fill(confirm(4001), {});
  window.post(confirm(4001), {});
  EXPECT_EQ(window.status, 409);
  EXPECT_EQ(window.page_id(), "R51");
  EXPECT_TRUE(window.has("この販売店様の保守はすでに解除されています。"));
  EXPECT_EQ(mail_count("M-21"), 1);
  EXPECT_EQ(window.get(confirm(4001)).status, 404);
}

TEST_F(Unlink, CanBeFollowedByANewLinkAndANewEnd_LINK08) {
  hanako_.fill(confirm(4001), {});
  link_dealer(hanako_, 4001);
  EXPECT_EQ(mail_count("M-20"), 3);
  EXPECT_EQ(hanako_.get(confirm(4001)).page_id(), "R52");
  hanako_.post(confirm(4001), {}).follow();
  EXPECT_EQ(hanako_.page_id(), "R53");
  EXPECT_EQ(mail_count("M-21"), 2);
}

TEST_F(Unlink, ListsOnlyGatewaysWithADealer) {
  hanako_.fill(confirm(4001), {});
  hanako_.fill(confirm(4002), {});
  hanako_.get("/reg/dealer/unlinkSearch");
  EXPECT_FALSE(hanako_.has("data-gw="));
  EXPECT_TRUE(hanako_.has("保守を任せているゲートウェイはありません。"));
}

TEST_F(Unlink, IsNotForWhoDoesNotOwnTheGateway_DEAL14) {
  Browser taro = browser();
  Fields form = hanako_form("01AB12345679");
  form["mail"] = form["mailConfirm"] = "taro@example.jp";
  register_customer(taro, form);
  taro.get("/reg/menu");
  EXPECT_EQ(taro.post(confirm(4001), {}).status, 404);
  EXPECT_EQ(mail_count("M-21"), 0);
}

}  // namespace
}  // namespace v2x::test
