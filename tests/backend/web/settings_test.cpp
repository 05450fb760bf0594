// M08 … M11: settings and AI control as pages and as JSON.
#include <nlohmann/json.hpp>

#include "backend/service/ports/gateways.hpp"
#include "backend/service/ports/setting_requests.hpp"
#include "backend/service/setting_fields.hpp"
#include "backend/web/path_pattern.hpp"
#include "tests/backend/factory_settings.hpp"
#include "tests/backend/web/site_fixture.hpp"

namespace v2x::test {
namespace {

using nlohmann::json;

class SettingPages : public SiteFixture {
 protected:
  static constexpr auto kPage = "/ctrl/settings?gw=01AB12345678";
  static constexpr auto kConfirm = "/ctrl/settingsConfirm?gw=01AB12345678";
  static constexpr auto kRead = "/ctrl/settings/read?gw=01AB12345678";
  static constexpr auto kWrite = "/ctrl/settings/write?gw=01AB12345678";

  void SetUp() override {
    SiteFixture::SetUp();
    register_customer(hanako_, hanako_form());
    log_in(hanako_, "hanako@example.jp", "Hanako2026");
    registry_.transact([&](service::Transaction& tx) { tx.inventory().seen({{"01AB12345678", clock_.now()}}); });
  }

  void log_in(Browser& visitor, const std::string& id, const std::string& password) {
    visitor.fill("/ctrl/login", {{"loginid", id}, {"loginpassword", password}}).follow();
    ASSERT_EQ(visitor.page_id(), "M02") << visitor.body;
  }

  /// The gateway takes what is queued and answers.
  void execute(service::CommandAnswer::Status status = service::CommandAnswer::Status::done,
               const std::string& reason = "") {
    registry_.transact([&](service::Transaction& tx) {
      for (const auto& command : setting_exchange_.hand_over(tx, [](const std::string&) { return true; })) {
        const bool done = status == service::CommandAnswer::Status::done;
        if (done)
          for (const auto& [name, value] : command.values) device_[name] = value;
        if (done && command.kind == service::GatewayCommand::Kind::write) ++revision_;
        setting_exchange_.answer(tx, {.status = status,
                                      .gateway_id = command.gateway_id,
                                      .correlation_id = command.correlation_id,
                                      .values = done ? device_ : service::Form{},
                                      .revision = revision_,
                                      .reason = reason});
      }
    });
  }
  void read(Browser& visitor) {
    visitor.get(kPage).post(kRead, {});
    execute();
    visitor.follow();
    ASSERT_EQ(visitor.page_id(), "M08") << visitor.body;
  }
  /// What the form of M08 posts when nothing was touched.
  Fields untouched(Browser& visitor) {
    Fields fields;
    for (const auto& [name, value] : service::form_of_settings(device_))
      if (!value.empty()) fields[name] = value;
    visitor.get(kPage);
    fields["revision"] = revision_in(visitor.body);
    return fields;
  }
  static std::string revision_in(const std::string& body) {
    std::smatch found;
    return std::regex_search(body, found, std::regex("name=\"revision\" value=\"(\\d+)\"")) ? found[1].str() : "";
  }
  void enter(Browser& visitor, const std::string& name, const std::string& value) {
    Fields fields = untouched(visitor);
    fields[name] = value;
    visitor.post(kPage, fields);
  }

  Browser hanako_ = browser();
  service::Form device_ = factory_settings();
  std::uint64_t revision_ = 1;
};

TEST_F(SettingPages, AskTheGatewayBeforeTheyShowAForm) {
  hanako_.get(kPage);
  EXPECT_EQ(hanako_.page_id(), "M08");
  EXPECT_TRUE(hanako_.has("設定を変更するには、はじめに現在値を取得してください。"));
  EXPECT_FALSE(hanako_.has("operatingMode"));
  hanako_.post(kRead, {});
  EXPECT_EQ(hanako_.status, 303);
  hanako_.follow();
  EXPECT_EQ(hanako_.page_id(), "M10");
  EXPECT_EQ(hanako_.text("result"), "処理中…");
  EXPECT_TRUE(hanako_.has("content=\"2; url=/ctrl/settingsResult?req=1&amp;by=page\""))
      << "without script it looks again";
  const std::string waiting = "/ctrl/settingsResult?req=1";
  execute();
  hanako_.get(waiting).follow();
  EXPECT_EQ(hanako_.page_id(), "M08");
  EXPECT_EQ(hanako_.text("notice"), "現在値を取得しました。");
  EXPECT_EQ(hanako_.text("read-at"), "2020/02/14 12:00");
  EXPECT_TRUE(hanako_.has("<option value=\"green\" selected>グリーンモード</option>"));
  EXPECT_TRUE(hanako_.has("<option value=\"65535\" selected>上限なし</option>"));
}

TEST_F(SettingPages, LeadFromTheFormOverAConfirmationToTheResult) {
  read(hanako_);
  enter(hanako_, "chargeEndTimeH", "6");
  EXPECT_EQ(hanako_.location, kConfirm);
  hanako_.follow();
  EXPECT_EQ(hanako_.page_id(), "M09");
  EXPECT_EQ(hanako_.text("val-chargeEndTimeH"), "06");
  EXPECT_EQ(hanako_.text("val-operatingMode"), "グリーンモード");
  EXPECT_EQ(hanako_.text("val-dischargeDaySun"), "日");
  hanako_.post(kConfirm, {}).follow();
  EXPECT_EQ(hanako_.page_id(), "M10");
  execute();
  hanako_.get("/ctrl/settingsResult?req=2");
  EXPECT_EQ(hanako_.text("result"), "設定が完了しました。");
  hanako_.get(kPage);
  EXPECT_TRUE(hanako_.has("23:00~07:00 → 23:00~06:00"));
  EXPECT_TRUE(hanako_.has("お客様"));
}

TEST_F(SettingPages, OfferWhatTheDeviceOffers_SET11) {
  device_["outageFloor.candidates"] = "30..50/10";
  read(hanako_);
  hanako_.get(kPage);
  EXPECT_TRUE(hanako_.has("<option value=\"10\" selected>10 %</option><option value=\"30\">30 %</option>"))
      << "what is in force, and the device's";
  enter(hanako_, "outageFloor", "20");
  EXPECT_EQ(hanako_.status, 422);
  EXPECT_EQ(hanako_.text("err-outageFloor"), "自立運転時の放電下限の値が正しくありません。");
}

TEST_F(SettingPages, OneDoubledSubmissionIsOneRequest_PAGE04) {
  read(hanako_);
  enter(hanako_, "operatingMode", "standby");
  hanako_.follow();
  const std::string csrf = hanako_.csrf();
  hanako_.post(kConfirm, {});
  const std::string first = hanako_.location;
  hanako_.post(kConfirm, {{"_csrf", csrf}});
  EXPECT_EQ(hanako_.location, first);
  EXPECT_EQ(registry_.read([](service::Transaction& tx) { return tx.setting_requests().open().size(); }), 1u);
}

TEST_F(SettingPages, ShowAllErrorsAtOnceBesideTheirFields_PAGE03) {
  read(hanako_);
  Fields fields = untouched(hanako_);
  fields["operatingMode"] = "turbo";
  fields["chargeEndTimeH"] = "9";
  hanako_.post(kPage, fields);
  EXPECT_EQ(hanako_.status, 422);
  EXPECT_EQ(hanako_.page_id(), "M08");
  EXPECT_EQ(hanako_.text("err-operatingMode"), "運転モードの値が正しくありません。");
  EXPECT_EQ(hanako_.text("err-dischargeStartTimeH"), "充電時間帯と放電時間帯が重なっています。");
  EXPECT_TRUE(hanako_.has("<option value=\"9\" selected>09</option>")) << "entered values stay";
}

TEST_F(SettingPages, A_ChangeMeanwhileIsA409_SET03) {
  read(hanako_);
  enter(hanako_, "operatingMode", "standby");
  hanako_.follow();
  Browser again = browser();
  log_in(again, "hanako@example.jp", "Hanako2026");
  enter(again, "operatingMode", "economy");
  again.follow();
  again.post(kConfirm, {});
  hanako_.post(kConfirm, {});
  EXPECT_EQ(hanako_.status, 409);
  EXPECT_EQ(hanako_.page_id(), "M08");
  EXPECT_TRUE(hanako_.has("ほかの設定を送信しています。しばらくしてからもう一度お試しください。"));
  execute();
  hanako_.get(kConfirm).post(kConfirm, {});
  EXPECT_EQ(hanako_.status, 409);
  EXPECT_TRUE(hanako_.has("設定が変更されています。現在値を取得し直してください。"));
}

TEST_F(SettingPages, A_SilentGatewayIsSaidAtOnce_SET04) {
  read(hanako_);
  registry_.transact([&](service::Transaction& tx) {
    alarms_.raise(tx, {"01AB12345678", 0, service::kOfflineCode, "", clock_.now()});
  });
  hanako_.get(kPage);
  EXPECT_EQ(hanako_.text("unreachable"), "ゲートウェイと通信できないため、設定できません。");
  hanako_.post(kRead, {});
  EXPECT_EQ(hanako_.status, 409);
  EXPECT_TRUE(hanako_.has("role=\"alert\""));
}

TEST_F(SettingPages, ScriptsAskAndPoll_SET01) {
  hanako_.get(kPage);
  const std::string csrf = hanako_.csrf();
  const auto post = [&](const std::string& path, const std::string& body) {
    return json::parse(hanako_.post_script(path, body, csrf).body);
  };
  EXPECT_EQ(post(kRead, "")["request_id"], 1);
  EXPECT_EQ(hanako_.status, 202);
  EXPECT_EQ(post(kRead, "")["request_id"], 1) << "it is on its way";
  EXPECT_EQ(json::parse(hanako_.get("/ctrl/settings/requests/1").body)["state"], "queued");
  execute();
  const json done = json::parse(hanako_.get("/ctrl/settings/requests/1").body);
  EXPECT_EQ(done["state"], "done");
  EXPECT_EQ(done["finished_at"], "2020-02-14T12:00:00+09:00");
  EXPECT_EQ(post(kWrite, "revision=1&operatingMode=turbo")["errors"][0]["field"], "operatingMode");
  EXPECT_EQ(hanako_.status, 422);
  EXPECT_EQ(post(kWrite, "revision=7&operatingMode=standby")["type"], "stale_revision");
  EXPECT_EQ(hanako_.status, 409);
  EXPECT_EQ(post(kWrite, "revision=1&operatingMode=standby")["request_id"], 2);
  EXPECT_EQ(post(kWrite, "revision=1&operatingMode=economy")["type"], "busy");
  execute(service::CommandAnswer::Status::refused, "unit 3 refuses");
  const json refused = json::parse(hanako_.get("/ctrl/settings/requests/2").body);
  EXPECT_EQ(refused["text"], "機器が設定を受け付けませんでした。(unit 3 refuses)");
  EXPECT_EQ(hanako_.get("/ctrl/settings/requests/9").status, 404);
  EXPECT_EQ(hanako_.get("/ctrl/settings/requests/x").status, 404);
  EXPECT_EQ(browser().get("/ctrl/settings/requests/1").status, 401);
}

TEST_F(SettingPages, AnExpiredDraftLeadsBack_PAGE04) {
  read(hanako_);
  enter(hanako_, "operatingMode", "standby");
  hanako_.get(kConfirm);
  clock_.advance_to(start() + std::chrono::minutes(31));
  log_in(hanako_, "hanako@example.jp", "Hanako2026");
  hanako_.get(kConfirm).follow();
  EXPECT_EQ(hanako_.page_id(), "M08");
  EXPECT_EQ(hanako_.text("notice"), "入力の有効時間が過ぎました。はじめからやり直してください。");
}

TEST_F(SettingPages, AiControlIsChosenAndConfirmed_SET20) {
  const std::string page = "/ctrl/ai?gw=01AB12345678";
  hanako_.get(page);
  EXPECT_EQ(hanako_.page_id(), "M11");
  EXPECT_TRUE(hanako_.has("<option value=\"26\" selected>京都府</option>")) << "the site's prefecture";
  EXPECT_TRUE(hanako_.has("<option value=\"0\" selected>なし</option>"));
  hanako_.post(page, {{"forecastArea", "27"}, {"warningArea", "27"}, {"aiNightCharge", "2"}, {"aiWarningCharge", ""}});
  EXPECT_EQ(hanako_.status, 422);
  EXPECT_EQ(hanako_.text("err-aiNightCharge"), "翌日の天気予報で夜間充電制御の値が正しくありません。");
  EXPECT_EQ(hanako_.text("err-aiWarningCharge"), "警報発令時の充電の値が正しくありません。");
  hanako_.post(page, {{"forecastArea", "27"}, {"warningArea", "27"}, {"aiNightCharge", "1"}, {"aiWarningCharge", "0"}});
  hanako_.follow();
  EXPECT_EQ(hanako_.page_id(), "M11-confirm");
  EXPECT_EQ(hanako_.text("val-aiNightCharge"), "あり");
  hanako_.post("/ctrl/aiConfirm?gw=01AB12345678", {}).follow();
  EXPECT_EQ(hanako_.page_id(), "M11");
  EXPECT_EQ(hanako_.text("notice"), "AI制御の設定を変更しました。");
  EXPECT_TRUE(hanako_.has("<option value=\"27\" selected>大阪府</option>"));
}

TEST_F(SettingPages, AreInTheMenuOfTheSite) {
  hanako_.get("/ctrl/settings");
  EXPECT_TRUE(hanako_.has("<a href=\"/ctrl/settings?gw=01AB12345678\" aria-current=\"page\">機器の設定</a>"));
  EXPECT_TRUE(hanako_.has("<a href=\"/ctrl/ai?gw=01AB12345678\">AI制御</a>"));
}

TEST(PathPattern, TakesOneSegmentForEachPart) {
  EXPECT_EQ(web::match_path("/a/{id}", "/a/12"), (service::Form{{"id", "12"}}));
  EXPECT_EQ(web::match_path("/a/{gw}/b/{id}", "/a/x/b/y"), (service::Form{{"gw", "x"}, {"id", "y"}}));
  EXPECT_FALSE(web::match_path("/a/{id}", "/a/"));
  EXPECT_FALSE(web::match_path("/a/{id}", "/a"));
  EXPECT_FALSE(web::match_path("/a/{id}", "/a/1/2"));
  EXPECT_FALSE(web::match_path("/a/{id}", "/b/1"));
}

}  // namespace
}  // namespace v2x::test
