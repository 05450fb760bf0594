// What customers do with their accounts, over HTTP: R10 … R12, R60 … R66.
#include <fmt/format.h>

#include "backend/service/password_care.hpp"
#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/audience.hpp"
#include "tests/backend/web/site_fixture.hpp"

namespace v2x::test {
namespace {

constexpr auto kReset = "/reg/account/passwordReset?id=";
constexpr auto kMailChange = "/reg/account/mailChange?id=";

class Account : public SiteFixture {
 protected:
  void SetUp() override {
    SiteFixture::SetUp();
    register_customer(hanako_, hanako_form());
  }
  static Fields profile() {
    Fields form = hanako_form();
    for (const auto& elsewhere :
         {"gatewayId", "gatewayPassword", "siteName", "siteZip1", "siteZip2", "sitePref", "siteCity", "siteAddr"})
      form.erase(elsewhere);
    return form;
  }
  static Fields with_mail(const std::string& mail, const std::string& password = "Hanako2026") {
    Fields form = profile();
    form["mail"] = form["mailConfirm"] = mail;
    form["currentPassword"] = password;
    return form;
  }
  static Fields new_password(const std::string& password, const std::string& tel3 = "7000") {
    return {{"password", password}, {"passwordConfirm", password}, {"tel1", "075"}, {"tel2", "344"}, {"tel3", tel3}};
  }
  int log_in(const std::string& password, const std::string& id = "hanako@example.jp",
             const std::string& path = "/reg/login") {
    Browser visitor = browser();
    return visitor.fill(path, log_in_form(id, password)).status;
  }
  void edit(const Fields& form) {
    hanako_.fill("/reg/profile", form).follow();
    ASSERT_EQ(hanako_.page_id(), "R61") << hanako_.body;
    hanako_.post("/reg/profileConfirm", {}).follow();
    ASSERT_EQ(hanako_.page_id(), "R20") << hanako_.body;
  }
  Browser hanako_ = browser();
};

TEST_F(Account, MenuOffersEverythingInTheManualsOrder) {
  hanako_.get("/reg/menu");
  size_t last = 0;
  for (const auto& id : {"menu-gateway-regist", "menu-gateway\"", "menu-link", "menu-unlink", "menu-profile",
                         "menu-password", "menu-history", "menu-notify", "menu-close"}) {
    const size_t at = hanako_.body.find(fmt::format("id=\"{}", id));
    ASSERT_NE(at, std::string::npos) << id;
    EXPECT_GT(at, last) << id;
    last = at;
  }
}

TEST_F(Account, ProfileIsEditedOverAConfirmationPage_AUTH06) {
  hanako_.get("/reg/profile");
  EXPECT_EQ(hanako_.page_id(), "R60");
  EXPECT_EQ(hanako_.value("tel2"), "344");
  Fields form = profile();
  form["city"] = "京都市中京区";
  form["corpName"] = "御室商会";
  hanako_.post("/reg/profile", form).follow();
  EXPECT_EQ(hanako_.text("val-city"), "京都市中京区");
  const std::string csrf = hanako_.csrf();
  for (int press = 0; press < 2; ++press)
    EXPECT_EQ(hanako_.post("/reg/profileConfirm", {{"_csrf", csrf}}).location, "/reg/menu");
  EXPECT_EQ(hanako_.follow().text("notice"), "登録情報を変更しました。");
  EXPECT_EQ(hanako_.get("/reg/profile").value("corpName"), "御室商会");
  EXPECT_EQ(mail_count("M-06"), 0);
}

TEST_F(Account, MailAndTelephoneNeedTheCurrentPassword_AUTH06) {
  Fields form = profile();
  form["tel3"] = "7001";
  hanako_.fill("/reg/profile", form);
  EXPECT_EQ(hanako_.status, 422);
  EXPECT_EQ(hanako_.text("err-currentPassword"), "現在のパスワードを入力してください。");
  hanako_.fill("/reg/profile", with_mail("new@example.jp", "Wrong2026"));
  EXPECT_EQ(hanako_.text("err-currentPassword"), "パスワードが正しくありません。");
  form["currentPassword"] = "Hanako2026";
  edit(form);
}

TEST_F(Account, MailChangesOnlyWhenTheNewAddressConfirms_AUTH06) {
  edit(with_mail("new@example.jp"));
  EXPECT_NE(hanako_.text("notice").find("新しいメールアドレスに確認のメールを送信しました。"), std::string::npos);
  EXPECT_EQ(log_in("Hanako2026"), 303) << "until then the old address logs in";
  const std::string url = kMailChange + token_of("M-06");
  Browser mail = browser();
  for (int scan = 0; scan < 2; ++scan) EXPECT_EQ(mail.get(url).page_id(), "R62");
  EXPECT_EQ(mail.post(url, {}).location, "/reg/login");
  EXPECT_EQ(mail_count("M-07"), 1);
  EXPECT_EQ(log_in("Hanako2026"), 401);
  EXPECT_EQ(log_in("Hanako2026", "new@example.jp"), 303);
  EXPECT_NE(hanako_.get("/reg/menu").location.find("/reg/login"), std::string::npos) << "all sessions end";
  EXPECT_EQ(mail.get(url).status, 410);
  EXPECT_EQ(mail.text("reason"), "このURLはすでに使用されています");
}

TEST_F(Account, MailChangeUrlDiesWithItsDayAndByANewerOne_AUTH06) {
  edit(with_mail("new@example.jp"));
  const std::string first = kMailChange + token_of("M-06");
  clock_.advance_to(start() + std::chrono::seconds(1));
  edit(with_mail("newer@example.jp"));
  const std::string second = kMailChange + token_of("M-06");
  EXPECT_EQ(hanako_.get(first).text("reason"), "このURLは無効です");
  EXPECT_EQ(hanako_.get(second).status, 200);
  clock_.advance_to(parse_time("2020-02-22T00:00:00").value());
  EXPECT_EQ(hanako_.get(second).text("reason"), "URLの有効期限が切れています");
}

TEST_F(Account, MailChangeToATakenAddressTellsOnlyItsHolder_AUTH06) {
  Browser taro = browser();
  Fields form = hanako_form("01AB12345679");
  form["mail"] = form["mailConfirm"] = "taro@example.jp";
  register_customer(taro, form);
  edit(with_mail("Taro@example.jp"));
  EXPECT_NE(hanako_.text("notice").find("確認のメールを送信しました。"), std::string::npos) << "nothing is shown";
  EXPECT_EQ(mail_count("M-06"), 0);
  EXPECT_EQ(mail_count("M-03"), 1);
}

TEST_F(Account, MailChangeIsVoidWhenTheAddressWasTakenMeanwhile_AUTH06) {
  edit(with_mail("taro@example.jp"));
  const std::string url = kMailChange + token_of("M-06");
  Browser taro = browser();
  Fields form = hanako_form("01AB12345679");
  form["mail"] = form["mailConfirm"] = "taro@example.jp";
  register_customer(taro, form);
  EXPECT_EQ(hanako_.get(url).text("reason"), "このURLは無効です");
  EXPECT_EQ(hanako_.status, 410);
}

TEST_F(Account, PasswordChangeEndsAllOtherSessions_AUTH05) {
  Browser other = browser(), watching = browser();
  other.fill("/reg/login", log_in_form());
  watching.fill("/ctrl/login", log_in_form());
  hanako_.get("/reg/password");
  EXPECT_EQ(hanako_.page_id(), "R63");
  const std::string before = hanako_.cookies["reg_session"];
  Fields form = {{"currentPassword", "Hanako2026"}, {"password", "Hanako2027"}, {"passwordConfirm", "Hanako2027"}};
  EXPECT_EQ(hanako_.post("/reg/password", form).location, "/reg/menu");
  EXPECT_NE(hanako_.cookies["reg_session"], before) << "SEC-03";
  EXPECT_EQ(hanako_.follow().text("notice"), "パスワードを変更しました。");
  EXPECT_EQ(other.get("/reg/menu").status, 303);
  EXPECT_EQ(watching.get("/ctrl/home?gw=01AB12345678").status, 303);
  EXPECT_EQ(log_in("Hanako2026"), 401);
  EXPECT_EQ(log_in("Hanako2027"), 303);
  EXPECT_EQ(mail_count("M-05"), 1);
}

TEST_F(Account, PasswordChangeShowsAllErrorsAtOnce_AUTH05) {
  hanako_.fill("/reg/password",
               {{"currentPassword", "Wrong2026"}, {"password", "short"}, {"passwordConfirm", "other"}});
  EXPECT_EQ(hanako_.status, 422);
  EXPECT_EQ(hanako_.text("err-currentPassword"), "パスワードが正しくありません。");
  EXPECT_EQ(hanako_.text("err-password"),
            "パスワードは8文字以上16文字以内で、英小文字、英大文字、数字をすべて含めてください。");
  EXPECT_EQ(hanako_.text("err-passwordConfirm"), "パスワードが確認用と一致しません。");
  EXPECT_EQ(hanako_.value("currentPassword"), "");
}

TEST_F(Account, ForgottenPasswordIsSetAnewByMail_AUTH10) {
  Browser visitor = browser();
  visitor.get("/reg/login");
  EXPECT_TRUE(visitor.has("href=\"/reg/forgot\""));
  visitor.fill("/reg/forgot", {{"loginid", "hanako@example.jp"}, {"act", "reset"}}).follow();
  EXPECT_EQ(visitor.page_id(), "R11");
  EXPECT_EQ(visitor.text("notice"), "ご入力のユーザIDが登録されている場合、メールを送信しました。");
  const std::string url = kReset + token_of("M-04");
  EXPECT_EQ(visitor.get(url).page_id(), "R12");
  visitor.post(url, new_password("Hanako2027", "7001"));
  EXPECT_EQ(visitor.text("err-tel1"), "電話番号が登録内容と一致しません。");
  EXPECT_EQ(visitor.post(url, new_password("Hanako2027")).location, "/reg/login");
  EXPECT_EQ(visitor.follow().text("notice"), "パスワードを変更しました。新しいパスワードでログインしてください。");
  EXPECT_EQ(log_in("Hanako2027"), 303);
  EXPECT_EQ(hanako_.get("/reg/menu").status, 303) << "all sessions end";
  EXPECT_EQ(mail_count("M-05"), 1);
  EXPECT_EQ(visitor.get(url).text("reason"), "このURLはすでに使用されています");
  EXPECT_TRUE(visitor.has("href=\"/reg/forgot\"")) << "the way on";
}

TEST_F(Account, ResetUrlLivesForADayAndTheNewestWins_AUTH10) {
  Browser visitor = browser();
  const Fields form = {{"loginid", "hanako@example.jp"}, {"act", "reset"}};
  visitor.fill("/reg/forgot", form);
  const std::string first = kReset + token_of("M-04");
  clock_.advance_to(start() + std::chrono::seconds(1));
  visitor.fill("/reg/forgot", form);
  const std::string second = kReset + token_of("M-04");
  EXPECT_EQ(visitor.get(first).text("reason"), "このURLは無効です");
  clock_.advance_to(start() + std::chrono::hours(24));
  EXPECT_EQ(visitor.get(second).status, 200);
  clock_.advance_to(start() + std::chrono::hours(24) + std::chrono::seconds(1));
  EXPECT_EQ(visitor.get(second).text("reason"), "URLの有効期限が切れています");
}

TEST_F(Account, ResetOfAnUnknownIdLooksTheSame_AUTH10) {
  Browser visitor = browser();
  visitor.fill("/reg/forgot", {{"loginid", "nobody@example.jp"}, {"act", "reset"}}).follow();
  EXPECT_EQ(visitor.text("notice"), "ご入力のユーザIDが登録されている場合、メールを送信しました。");
  EXPECT_EQ(mail_count("M-04"), 0);
  visitor.fill("/reg/forgot", {{"loginid", ""}, {"act", "reset"}});
  EXPECT_EQ(visitor.text("err-loginid"), "ユーザIDを入力してください。");
}

TEST_F(Account, ResetLocksItsUrlAfterFiveWrongTelephones_AUTH10) {
  Browser visitor = browser();
  visitor.fill("/reg/forgot", {{"loginid", "hanako@example.jp"}, {"act", "reset"}});
  const std::string url = kReset + token_of("M-04");
  for (int wrong = 0; wrong < 5; ++wrong) EXPECT_EQ(visitor.fill(url, new_password("Hanako2027", "7001")).status, 422);
  EXPECT_EQ(visitor.fill(url, new_password("Hanako2027")).status, 429);
  EXPECT_EQ(log_in("Hanako2026"), 303);
}

TEST_F(Account, ForgottenIdIsShownMaskedToWhoHoldsTheSheet_AUTH11) {
  const Fields right = {{"gatewayId", "01AB12345678"},
                        {"gatewayPassword", "abcedfghijk12"},
                        {"tel1", "075"},
                        {"tel2", "344"},
                        {"tel3", "7000"},
                        {"act", "find"}};
  for (const auto& [name, value] : Fields{{"gatewayId", "01AB12345679"}, {"gatewayPassword", "x"}, {"tel3", "7001"}}) {
    Browser visitor = browser();
    Fields wrong = right;
    wrong[name] = value;
    visitor.fill("/reg/forgot", wrong);
    EXPECT_EQ(visitor.status, 422) << name;
    EXPECT_EQ(visitor.text("err-gatewayId"), "入力内容を確認できませんでした。") << name;
  }
  EXPECT_EQ(mail_count("M-09"), 0);
  Browser visitor = browser();
  visitor.fill("/reg/forgot", right).follow();
  EXPECT_EQ(visitor.text("val-mail"), "h***@e***.jp");
  EXPECT_EQ(mail_count("M-09"), 1);
  EXPECT_EQ(visitor.get("/reg/forgot").text("val-mail"), "(none)");
}

TEST_F(Account, WrongTelephonesCountLikeWrongPairs_AUTH11_GW05) {
  Fields wrong = {{"gatewayId", "01AB12345678"},
                  {"gatewayPassword", "abcedfghijk12"},
                  {"tel1", "075"},
                  {"tel2", "344"},
                  {"tel3", "7001"},
                  {"act", "find"}};
  for (int i = 0; i < 10; ++i) {
    Browser visitor = browser();
    EXPECT_EQ(visitor.fill("/reg/forgot", wrong).status, 422) << i;
  }
  Browser visitor = browser();
  wrong["tel3"] = "7000";
  EXPECT_EQ(visitor.fill("/reg/forgot", wrong).status, 429);
}

TEST(MaskedMail, ShowsFirstLettersAndTheLastPartOfTheDomain_AUTH11) {
  EXPECT_EQ(service::masked_mail("hanako@example.net"), "h***@e***.net");
  EXPECT_EQ(service::masked_mail("a@b.co.jp"), "a***@b***.jp");
}

TEST_F(Account, HistoryShowsSuccessesAndFailuresOfAllSites_AUTH04) {
  log_in("Wrong2026");
  clock_.advance_to(start() + std::chrono::minutes(1));
  log_in("Hanako2026", "hanako@example.jp", "/ctrl/login");
  hanako_.get("/reg/history");
  EXPECT_EQ(hanako_.page_id(), "R64");
  EXPECT_TRUE(hanako_.has("モニタリングサイト"));
  EXPECT_TRUE(hanako_.has("2020/02/14 12:01:00"));
  EXPECT_LT(hanako_.body.find("成功"), hanako_.body.find("失敗")) << "newest first";
}

TEST_F(Account, HistoryIsPagedByFifty_AUTH04) {
  registry_.transact([](service::Transaction& tx) {
    const auto account = *tx.accounts().of_mail(model::AccountKind::customer, "hanako@example.jp");
    for (int i = 0; i < 51; ++i) tx.accounts().note_login({account.id, "api", "192.0.2.1", "agent", true});
  });
  hanako_.get("/reg/history");
  EXPECT_NE(hanako_.text("lnk-following"), "(none)");
  EXPECT_TRUE(hanako_.has("アプリ"));
  hanako_.get("/reg/history?p=2");
  EXPECT_NE(hanako_.text("lnk-previous"), "(none)");
  EXPECT_EQ(hanako_.text("lnk-following"), "(none)");
  EXPECT_EQ(hanako_.get("/reg/history?p=-1").status, 200);
}

TEST_F(Account, NewsAreOffAtFirstAndComeWhenAskedFor_ALARM06) {
  const auto owner = [&] {
    return registry_.read([](service::Transaction& tx) { return tx.audiences().of("01AB12345678")->listeners.back(); });
  };
  EXPECT_FALSE(owner().wants_faults);
  EXPECT_FALSE(hanako_.get("/reg/notify").has(" checked"));
  EXPECT_EQ(hanako_.post("/reg/notify", {{"notifyFault", "1"}}).location, "/reg/menu");
  EXPECT_TRUE(owner().wants_faults);
  EXPECT_FALSE(owner().wants_offline);
  EXPECT_TRUE(hanako_.get("/reg/notify").has(" checked"));
}

TEST_F(Account, ClosingReleasesEverythingAndForgetsWhoItWas_AUTH12) {
  make_dealers(1);
  link_dealer(hanako_, 4001);
  Browser watching = browser();
  watching.fill("/ctrl/login", log_in_form());
  hanako_.get("/reg/account/close");
  EXPECT_EQ(hanako_.page_id(), "R66");
  hanako_.post("/reg/account/close", {{"password", "Hanako2026"}});
  EXPECT_EQ(hanako_.text("err-agree"), "内容を確認し、チェックを入れてください。");
  hanako_.post("/reg/account/close", {{"password", "Wrong2026"}, {"agree", "1"}});
  EXPECT_EQ(hanako_.text("err-password"), "パスワードが正しくありません。");
  EXPECT_EQ(hanako_.post("/reg/account/close", {{"password", "Hanako2026"}, {"agree", "1"}}).location, "/reg/");
  EXPECT_EQ(mail_count("M-08"), 1);
  EXPECT_EQ(mail_count("M-10"), 1);
  EXPECT_EQ(log_in("Hanako2026"), 401);
  EXPECT_EQ(watching.get("/ctrl/home?gw=01AB12345678").status, 303);
  Browser again = browser();
  register_customer(again, hanako_form());
}

TEST_F(Account, IdAndPasswordAreCaseSensitive_AUTH02) {
  for (const auto& [id, password] : {std::pair("Hanako@example.jp", "Hanako2026"),
                                     {"hanako@example.jp", "hanako2026"},
                                     {"nobody@example.jp", "Hanako2026"}}) {
    Browser visitor = browser();
    EXPECT_EQ(visitor.fill("/reg/login", log_in_form(id, password)).status, 401) << id;
    EXPECT_EQ(visitor.text("errors"), "ユーザIDまたはパスワードが正しくありません。");
  }
}

TEST_F(Account, LogInPageLeadsOnWhoIsLoggedIn) {
  EXPECT_EQ(hanako_.get("/reg/login?next=/reg/history").location, "/reg/history");
}

}  // namespace
}  // namespace v2x::test
