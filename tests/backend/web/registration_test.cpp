// A customer's registration, over HTTP: R01 … R20.
#include <regex>

#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/registrations.hpp"
#include "backend/service/retention_duty.hpp"
#include "tests/backend/web/site_fixture.hpp"

namespace v2x::test {
namespace {

class Registration : public SiteFixture {
 protected:
  /// Up to R04; the customer then has a mail.
  void apply(Browser& customer, const Fields& form = hanako_form()) {
    customer.fill("/reg/account/regist", form).follow();
    customer.post("/reg/account/registConfirm", {}).follow();
    ASSERT_EQ(customer.page_id(), "R04") << customer.body;
    decide_requests();
  }
  static std::string url(const std::string& token) { return "/reg/account/mainRegist?id=" + token; }
  static Fields passwords(const std::string& tel3 = "7000") {
    return {{"password", "Hanako2026"},
            {"passwordConfirm", "Hanako2026"},
            {"tel1", "075"},
            {"tel2", "344"},
            {"tel3", tel3}};
  }
};

TEST_F(Registration, LeadsFromTheCampaignToTheMenu) {
  Browser customer = browser();
  EXPECT_EQ(customer.get("/reg/").page_id(), "R01");
  EXPECT_TRUE(customer.has("href=\"/reg/account/regist\""));
  customer.fill("/reg/account/regist", hanako_form());
  EXPECT_EQ(customer.status, 303);
  customer.follow();
  EXPECT_EQ(customer.page_id(), "R03");
  EXPECT_EQ(customer.text("val-sei"), "御室");
  EXPECT_EQ(customer.text("val-pref"), "京都府");
  EXPECT_EQ(customer.text("val-gatewayPassword"), "********");
  customer.post("/reg/account/registConfirm", {}).follow();
  EXPECT_EQ(customer.page_id(), "R04");
  EXPECT_EQ(customer.text("expires"), "2020年02月21日");
  ASSERT_EQ(mail_count("M-01"), 1);
  EXPECT_NE(mails()[0].body.find("2020 年 2 月 21 日まで有効です。"), std::string::npos);
  EXPECT_EQ(mails()[0].to, "hanako@example.jp");

  const std::string token = token_of("M-01");
  customer.get(url(token));
  EXPECT_EQ(customer.page_id(), "R05");
  EXPECT_NE(customer.text("terms"), "(none)");
  customer.post(url(token), {}).follow();
  EXPECT_EQ(customer.page_id(), "R06");
  const std::string before = customer.cookies["reg_session"];
  customer.post("/reg/account/mainRegist/password", passwords());
  EXPECT_EQ(customer.location, "/reg/menu");
  EXPECT_NE(customer.cookies["reg_session"], before) << "SEC-03: a new session at full registration";
  customer.follow();
  EXPECT_EQ(customer.page_id(), "R20");
  EXPECT_EQ(customer.text("notice"), "アカウントの本登録が完了しました。");
  EXPECT_EQ(customer.text("user-name"), "御室 花子 様");
  EXPECT_EQ(mail_count("M-02"), 1);
  EXPECT_EQ(customer.get("/reg/menu").text("notice"), "(none)") << "a notice is shown once";
  EXPECT_TRUE(customer.get("/reg/gateway/list").has("data-gw=\"01AB12345678\""));
}

TEST_F(Registration, ShowsAllErrorsAtOnceAndKeepsWhatWasEntered) {
  Browser customer = browser();
  Fields form = hanako_form();
  form["sei"] = "Omuro";
  form["tel1"] = "75";
  form["siteCity"] = "";
  customer.fill("/reg/account/regist", form);
  EXPECT_EQ(customer.status, 422);
  for (const char* input : {"tel1", "tel3"})  // a screen reader reads the error with each of its fields
    EXPECT_TRUE(std::regex_search(customer.body, std::regex(std::string("id=\"") + input +
                                                            "\"[^>]* aria-describedby=\"err-tel1\"")))
        << input;
  EXPECT_EQ(customer.text("err-sei"), "姓は全角14文字以内で入力してください。");
  EXPECT_EQ(customer.text("err-tel1"), "電話番号は市外局番から半角数字で入力してください。");
  EXPECT_EQ(customer.text("err-siteCity"), "市町村区を入力してください。");
  EXPECT_EQ(customer.value("mail"), "hanako@example.jp");
  EXPECT_EQ(customer.value("gatewayPassword"), "") << "passwords are never sent back";
}

TEST_F(Registration, TellsAnOwnerOnlyToWhoHoldsTheSheet) {
  Browser first = browser(), second = browser();
  register_customer(first, hanako_form());
  Fields form = hanako_form();
  form["mail"] = form["mailConfirm"] = "taro@example.jp";
  second.fill("/reg/account/regist", form);
  EXPECT_EQ(second.text("err-gatewayId"), "入力されたゲートウェイはすでに登録されています。");
  form["gatewayPassword"] = "wrong";
  second.fill("/reg/account/regist", form);
  EXPECT_EQ(second.text("err-gatewayPassword"), "ゲートウェイIDまたはゲートウェイパスワードが正しくありません。");
  EXPECT_EQ(second.text("err-gatewayId"), "(none)");
}

TEST_F(Registration, LeadsToTheFirstPageThatIsDue) {
  Browser customer = browser();
  for (const auto& path : {"/reg/account/registConfirm", "/reg/account/registComplete"}) {
    EXPECT_EQ(customer.get(path).location, "/reg/account/regist") << path;
    EXPECT_EQ(customer.follow().text("notice"), "入力の有効時間が過ぎました。はじめからやり直してください。");
  }
  EXPECT_EQ(customer.get("/reg/account/mainRegist/password").location, "/reg/");
}

TEST_F(Registration, ReturnsWithTheValuesButTheGatewaysPassword) {
  Browser customer = browser();
  customer.fill("/reg/account/regist", hanako_form());
  customer.get("/reg/account/regist");
  EXPECT_EQ(customer.value("mei"), "花子");
  EXPECT_EQ(customer.value("gatewayId"), "01AB12345678");
  EXPECT_EQ(customer.value("gatewayPassword"), "");
}

TEST_F(Registration, HasOneEffectWhenPressedTwice) {
  Browser customer = browser();
  customer.fill("/reg/account/regist", hanako_form()).follow();
  const std::string csrf = customer.csrf();
  for (int press = 0; press < 2; ++press)
    EXPECT_EQ(customer.post("/reg/account/registConfirm", {{"_csrf", csrf}}).location, "/reg/account/registComplete");
  EXPECT_EQ(mail_count("M-01"), 1);
  customer.fill(url(token_of("M-01")), {}).follow();
  Browser impatient = browser();
  impatient.cookies = customer.cookies;
  impatient.body = customer.body;
  EXPECT_EQ(customer.post("/reg/account/mainRegist/password", passwords()).location, "/reg/menu");
  EXPECT_EQ(impatient.post("/reg/account/mainRegist/password", passwords()).location, "/reg/menu");
  EXPECT_EQ(mail_count("M-02"), 1);
}

TEST_F(Registration, ForgetsADraftAfterHalfAnHour) {
  Browser customer = browser();
  customer.fill("/reg/account/regist", hanako_form());
  clock_.advance_to(start() + std::chrono::minutes(30));
  EXPECT_EQ(customer.get("/reg/account/registConfirm").location, "/reg/account/regist");
}

TEST_F(Registration, UrlIsGoodThroughItsLastDayAndThenDead) {
  Browser customer = browser();
  apply(customer);
  const std::string token = token_of("M-01");
  clock_.advance_to(parse_time("2020-02-21T23:59:59.999999").value());
  EXPECT_EQ(customer.get(url(token)).status, 200);
  clock_.advance_to(parse_time("2020-02-22T00:00:00").value());
  EXPECT_EQ(customer.get(url(token)).status, 410);
  EXPECT_EQ(customer.page_id(), "R07");
  EXPECT_EQ(customer.text("reason"), "URLの有効期限が切れています");
  customer.post(url(token), {{"act", "resend"}}).follow();
  EXPECT_EQ(customer.page_id(), "R04");
  EXPECT_EQ(customer.text("expires"), "2020年02月29日");
  EXPECT_EQ(customer.get(url(token)).text("reason"), "このURLは無効です");
  EXPECT_EQ(customer.get(url(token_of("M-01"))).page_id(), "R05");
}

TEST_F(Registration, UrlIsUsedOnceAndOnlyByPost) {
  Browser customer = browser(), scanner = browser();
  apply(customer);
  const std::string token = token_of("M-01");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(scanner.get(url(token)).status, 200);
  customer.fill(url(token), {}).follow();
  customer.post("/reg/account/mainRegist/password", passwords());
  EXPECT_EQ(scanner.get(url(token)).status, 410);
  EXPECT_EQ(scanner.text("reason"), "本登録はすでに完了しています");
  EXPECT_EQ(scanner.get(url(std::string(43, 'x'))).text("reason"), "このURLは無効です");
}

TEST_F(Registration, NewestOfOneAddressWins) {
  Browser first = browser(), second = browser();
  apply(first);
  const std::string old_token = token_of("M-01");
  Fields form = hanako_form("01AB12345679");
  form["mail"] = form["mailConfirm"] = "Hanako@example.jp";
  apply(second, form);
  EXPECT_EQ(first.get(url(old_token)).text("reason"), "このURLは無効です");
  EXPECT_EQ(second.get(url(token_of("M-01"))).page_id(), "R05");
}

TEST_F(Registration, NewestReservationOfAGatewayWins) {
  Browser mistyped = browser(), right = browser();
  Fields form = hanako_form();
  form["mail"] = form["mailConfirm"] = "hanko@example.jp";
  apply(mistyped, form);
  const std::string old_token = token_of("M-01");
  register_customer(right, hanako_form());
  EXPECT_EQ(mistyped.get(url(old_token)).text("reason"), "このURLは無効です");
}

TEST_F(Registration, OfAKnownAddressLooksTheSameAndChangesNothing) {
  Browser hanako = browser(), stranger = browser();
  register_customer(hanako, hanako_form());
  apply(stranger, hanako_form("01AB12345679"));
  EXPECT_EQ(stranger.text("expires"), "2020年02月21日");
  EXPECT_EQ(mail_count("M-01"), 1);
  EXPECT_EQ(mail_count("M-03"), 1);
}

TEST_F(Registration, AsksForTheRegisteredTelephoneAndLocksAfterFiveWrong) {
  Browser customer = browser();
  apply(customer);
  customer.fill(url(token_of("M-01")), {}).follow();
  for (int wrong = 0; wrong < 5; ++wrong) {
    customer.post("/reg/account/mainRegist/password", passwords("7001"));
    EXPECT_EQ(customer.status, 422);
    EXPECT_EQ(customer.text("err-tel1"), "電話番号が登録内容と一致しません。");
  }
  const std::string csrf = customer.csrf();
  Fields right = passwords();
  right["_csrf"] = csrf;
  EXPECT_EQ(customer.post("/reg/account/mainRegist/password", right).status, 429);
  EXPECT_FALSE(customer.header("Retry-After").empty());
  clock_.advance_to(start() + std::chrono::minutes(15));
  // The same digits, split elsewhere, are the same number (REG-18).
  right["tel1"] = "0753", right["tel2"] = "44", right["tel3"] = "7000";
  EXPECT_EQ(customer.post("/reg/account/mainRegist/password", right).location, "/reg/menu");
}

TEST_F(Registration, SendsAtMostThreeMailsAnHour) {
  Browser customer = browser();
  apply(customer);
  for (int i = 0; i < 5; ++i) {
    customer.fill("/reg/account/resend", {{"mail", "hanako@example.jp"}}).follow();
    EXPECT_EQ(customer.text("sent"), "ご入力のメールアドレスが仮登録中の場合、メールを再送しました。");
  }
  EXPECT_EQ(mail_count("M-01"), 3);
  const std::string known = customer.body;
  customer.fill("/reg/account/resend", {{"mail", "nobody@example.jp"}}).follow();
  EXPECT_EQ(customer.body, known) << "no page tells whether an address is known";
}

TEST_F(Registration, LeadsBackFromThePasswordToTheTermsAndOn) {
  Browser customer = browser();
  apply(customer);
  customer.fill(url(token_of("M-01")), {}).follow();
  ASSERT_EQ(customer.page_id(), "R06");
  EXPECT_TRUE(customer.has("id=\"btn-back\" href=\"/reg/account/mainRegist\""));
  customer.get("/reg/account/mainRegist");
  EXPECT_EQ(customer.page_id(), "R05");
  EXPECT_EQ(customer.post("/reg/account/mainRegist", {}).follow().page_id(), "R06");
  Browser stranger = browser();
  EXPECT_EQ(stranger.get("/reg/account/mainRegist").status, 410) << "only in the browser that agreed";
}

TEST_F(Registration, ThatExpiredIsForgottenThirtyDaysLater_REG29) {
  Browser customer = browser();
  apply(customer);
  const std::string token = token_of("M-01");
  service::RetentionDuty retention(registry_, settings_);
  const auto pending = [&] {
    return registry_.read([](service::Transaction& tx) {
      return tx.registrations().pending_of_mail(model::AccountKind::customer, "hanako@example.jp").has_value();
    });
  };
  const Time forgotten = parse_time("2020-03-23T00:00:00").value();  // 22 February, 00:00, and 30 days
  EXPECT_EQ(retention.next_due(), forgotten);
  clock_.advance_to(forgotten - Duration(1));
  retention.run(clock_.now());
  EXPECT_TRUE(pending());
  EXPECT_EQ(customer.get(url(token)).text("reason"), "URLの有効期限が切れています");
  clock_.advance_to(forgotten);
  retention.run(clock_.now());
  EXPECT_FALSE(pending());
  EXPECT_EQ(customer.get(url(token)).text("reason"), "このURLは無効です");
  EXPECT_NE(retention.next_due(), forgotten);
}

TEST_F(Registration, AsksForAnAddressBeforeItResends) {
  Browser customer = browser();
  customer.fill("/reg/account/resend", {{"mail", ""}});
  EXPECT_EQ(customer.status, 422);
  EXPECT_EQ(customer.text("err-mail"), "メールアドレスを入力してください。");
}

TEST_F(Registration, KeepsNeitherPasswordsNorTokens) {
  Browser customer = browser();
  register_customer(customer, hanako_form());
  const auto account = registry_.read([](service::Transaction& tx) {
    return tx.accounts().of_login(model::AccountKind::customer, "hanako@example.jp");
  });
  ASSERT_TRUE(account);
  EXPECT_TRUE(account->password_hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << account->password_hash;
}

}  // namespace
}  // namespace v2x::test
