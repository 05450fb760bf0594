// The monitoring home page: MON-01 … MON-08 as HTML and JSON.
#include <nlohmann/json.hpp>

#include "tests/backend/store/samples.hpp"
#include "tests/backend/web/site_fixture.hpp"

namespace v2x::test {
namespace {

class Home : public SiteFixture {
 protected:
  void SetUp() override {
    SiteFixture::SetUp();
    register_customer(hanako_, hanako_form());
    hanako_.fill("/ctrl/login", {{"loginid", "hanako@example.jp"}, {"loginpassword", "Hanako2026"}});
  }

  /// The sample of the minute that ends now, with 発電 `pv_w`.
  void report(std::int64_t pv_w) {
    registry_.transact([&](service::Transaction& tx) { tx.inventory().seen({{"01AB12345678", clock_.now()}}); });
    service::TelemetrySample sample;
    sample.length = std::chrono::minutes(1);
    sample.start = clock_.now() - sample.length;
    sample.mean_w.pv = pv_w;
    sample.mean_w.load = 240;
    sample.mean_w.sell = 0;
    sample.mean_w.buy = 49;
    sample.mean_w.charge = 3000;
    sample.mean_w.discharge = 0;
    sample.ev = service::EvReading{service::VehicleState::charging, 1000, 40'000};
    ASSERT_TRUE(telemetry_.commit({batch(++seq_, {sample})}));
  }

  Browser hanako_ = browser();
  std::uint64_t seq_ = 0;
};

TEST_F(Home, ShowsADashForEverythingBeforeTheFirstReport) {
  hanako_.get("/ctrl/home");
  EXPECT_EQ(hanako_.page_id(), "M02");
  EXPECT_EQ(hanako_.text("status"), "未接続");
  for (const auto& id : {"pv-now", "pv-today", "load-now", "load-today", "sell-now", "sell-today", "buy-now",
                         "buy-today", "ev-state", "ev-soc"})
    EXPECT_EQ(hanako_.text(id), "-") << id;
}

TEST_F(Home, IsNotConnectedUntilThereIsASample) {
  registry_.transact([&](service::Transaction& tx) { tx.inventory().seen({{"01AB12345678", clock_.now()}}); });
  EXPECT_EQ(hanako_.get("/ctrl/home").text("status"), "未接続") << "its Hello came, but nothing to show";
}

TEST_F(Home, ShowsOneDecimalHalfAwayFromZeroAndNoMinus) {
  report(650);
  hanako_.get("/ctrl/home");
  EXPECT_EQ(hanako_.text("now-time"), "2020/02/14 12:00");
  EXPECT_EQ(hanako_.text("status"), "正常動作中");
  EXPECT_EQ(hanako_.text("pv-now"), "0.7 kW");
  EXPECT_EQ(hanako_.text("load-now"), "0.2 kW");
  EXPECT_EQ(hanako_.text("sell-now"), "0.0 kW");
  EXPECT_EQ(hanako_.text("buy-now"), "0.0 kW");
  EXPECT_EQ(hanako_.text("ev-state"), "充電");
  EXPECT_EQ(hanako_.text("ev-soc"), "100%");
}

TEST_F(Home, SaysSinceWhenItsDataAreOld) {
  report(650);
  clock_.advance_to(start() + std::chrono::minutes(6));
  hanako_.get("/ctrl/home");
  EXPECT_EQ(hanako_.text("stale"), "最新のデータを受信できていません(最終受信 2020/02/14 12:00)");
  EXPECT_TRUE(hanako_.has("energy pv stale"));
}

TEST_F(Home, GivesTheSameAsJsonInWholeWatts) {
  report(650);
  hanako_.get("/ctrl/home/live?gw=01AB12345678");
  const auto json = nlohmann::json::parse(hanako_.body);
  EXPECT_EQ(json["at"], "2020-02-14T12:00:00+09:00");
  EXPECT_EQ(json["status"], "normal");
  EXPECT_EQ(json["pv_w"], 650);
  EXPECT_EQ(json["ev"]["w"], 3000);
  EXPECT_EQ(json["ev"]["soc"], 100);
  EXPECT_EQ(json["today"]["pv_wh"], nullptr);
}

TEST_F(Home, RefreshingItselfDoesNotKeepTheSessionAlive) {
  Time now = start();
  for (int refresh = 0; refresh < 59; ++refresh) {
    clock_.advance_to(now += std::chrono::seconds(30));
    EXPECT_EQ(hanako_.get("/ctrl/home/live?gw=01AB12345678").status, 200);
  }
  clock_.advance_to(start() + std::chrono::minutes(30));
  EXPECT_EQ(hanako_.get("/ctrl/home/live?gw=01AB12345678").status, 401);
}

TEST_F(Home, RefreshingWithoutScriptEndsAtM13) {
  hanako_.get("/ctrl/home");
  const std::string url = "/ctrl/home?gw=01AB12345678&by=page";
  ASSERT_TRUE(hanako_.has("content=\"60; url=/ctrl/home?gw=01AB12345678&amp;by=page\"")) << hanako_.body;
  for (int minute = 1; minute < 30; ++minute) {
    clock_.advance_to(start() + std::chrono::minutes(minute));
    ASSERT_EQ(hanako_.get(url).page_id(), "M02") << minute;
  }
  clock_.advance_to(start() + std::chrono::minutes(30));
  EXPECT_EQ(hanako_.get(url).follow().page_id(), "M13");
  EXPECT_EQ(hanako_.get("/ctrl/home").follow().page_id(), "M01") << "who comes back by hand logs in";
}

TEST_F(Home, GraphAndSettingsAreRenewedInPlaceUntilTheSessionEnds) {
  const std::string pages[] = {"/ctrl/graph?gw=01AB12345678", "/ctrl/settings?gw=01AB12345678"};
  for (const std::string& page : pages) {
    hanako_.get(page);
    EXPECT_TRUE(hanako_.has("<main data-renew=\"" + page + "&amp;by=page\"")) << hanako_.body;
    EXPECT_TRUE(hanako_.has("; url=" + page + "&amp;by=page\"></noscript>")) << page;
  }
  hanako_.get(pages[0] + "&date=2020-02-13");
  EXPECT_FALSE(hanako_.has("data-renew")) << "a day that is over changes no more";
  clock_.advance_to(start() + std::chrono::minutes(30));
  for (const std::string& page : pages) EXPECT_EQ(hanako_.get(page + "&by=page").follow().page_id(), "M13") << page;
}

TEST_F(Home, OffersAChoiceAndRemembersTheGatewaySeenLast) {
  hanako_.get("/ctrl/home");
  EXPECT_EQ(hanako_.text("gw"), "(none)") << "one gateway needs no choice";
  hanako_.fill("/reg/gateway/regist", {{"gatewayId", "01AB12345679"}, {"gatewayPassword", "abcedfghijk12"}}).follow();
  hanako_
      .post("/reg/gateway/registInfo", {{"siteName", "あの家"},
                                        {"siteZip1", "541"},
                                        {"siteZip2", "0055"},
                                        {"sitePref", "27"},
                                        {"siteCity", "大阪市"},
                                        {"siteAddr", "1-4-5"}})
      .follow();
  hanako_.post("/reg/gateway/registConfirm", {});
  hanako_.get("/ctrl/home?gw=01AB12345678");
  EXPECT_TRUE(hanako_.has("あの家 (01AB12345679)"));
  EXPECT_TRUE(hanako_.get("/ctrl/home").has("value=\"01AB12345678\" selected"));
  EXPECT_EQ(hanako_.get("/ctrl/home?gw=01AB12345680").status, 404) << "somebody else's or nobody's";
}

TEST_F(Home, WithoutAGatewaySaysSo) {
  Browser dealer = browser();
  register_dealer(dealer, dealer_form());
  dealer.fill("/ctrl/login", {{"loginid", "4001"}, {"loginpassword", "Shop4001pw"}}).follow();
  EXPECT_EQ(dealer.text("no-gateway"), "登録されているゲートウェイがありません。");
}

}  // namespace
}  // namespace v2x::test
