// Limits on attempts, over HTTP: what is locked, for whom, for how long.
#include "backend/service/ports/audit.hpp"
#include "tests/backend/web/site_fixture.hpp"

namespace v2x::test {
namespace {

using namespace std::chrono_literals;

constexpr auto kLockedText =
    "入力の誤りが続いたため、一時的に受付を停止しています。15分ほど時間をおいてからもう一度お試しください。";

class Limits : public SiteFixture {
 protected:
  void SetUp() override {
    SiteFixture::SetUp();
    Browser hanako = browser();
    register_customer(hanako, hanako_form());
  }
  /// The status of a log-in with this password.
  static int log_in(Browser& visitor, const std::string& password, const std::string& id = "hanako@example.jp") {
    return visitor.fill("/reg/login", {{"loginid", id}, {"loginpassword", password}}).status;
  }
  void pass(Duration span) { clock_.advance_to(clock_.now() + span); }
};

TEST_F(Limits, TenWrongPasswordsLockThisAccountFromThisAddressFor15Minutes) {
  Browser visitor = browser(), elsewhere = browser();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(log_in(visitor, "Wrong2026"), 401) << i;
  EXPECT_EQ(log_in(visitor, "Hanako2026"), 429) << "even with the right password";
  EXPECT_TRUE(visitor.has(kLockedText));
  EXPECT_EQ(visitor.header("Retry-After"), "900");
  EXPECT_EQ(log_in(elsewhere, "Hanako2026"), 303);
  visitor.fill("/ctrl/login", {{"loginid", "hanako@example.jp"}, {"loginpassword", "Hanako2026"}});
  EXPECT_EQ(visitor.status, 429) << "on all sites together";
  pass(15min - 1s);
  EXPECT_EQ(log_in(visitor, "Hanako2026"), 429);
  EXPECT_EQ(visitor.header("Retry-After"), "1");
  pass(1s);
  EXPECT_EQ(log_in(visitor, "Hanako2026"), 303);
}

TEST_F(Limits, UnknownIdsAreLockedAlike) {
  Browser visitor = browser();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(log_in(visitor, "Wrong2026", "nobody@example.jp"), 401) << i;
  EXPECT_EQ(log_in(visitor, "Wrong2026", "nobody@example.jp"), 429);
  EXPECT_EQ(log_in(visitor, "Hanako2026"), 303) << "another ID isn't";
}

TEST_F(Limits, SuccessClearsTheCountOfFailures) {
  Browser visitor = browser();
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 9; ++i) EXPECT_EQ(log_in(visitor, "Wrong2026"), 401);
    EXPECT_EQ(log_in(visitor, "Hanako2026"), 303) << round;
  }
}

TEST_F(Limits, FailuresThatAreSpreadLockNobody) {
  Browser visitor = browser();
  for (int i = 0; i < 30; ++i, pass(100s)) EXPECT_EQ(log_in(visitor, "Wrong2026"), 401) << i;
}

TEST_F(Limits, AnAddressThatTriesManyIdsIsLockedForAll) {
  settings_.attempts.at(service::AttemptKind::login_of_address).most = 12;
  Browser visitor = browser();
  for (int i = 0; i < 12; ++i) EXPECT_EQ(log_in(visitor, "x", "nobody" + std::to_string(i)), 401);
  EXPECT_EQ(log_in(visitor, "Hanako2026"), 429);
}

TEST_F(Limits, AddressesOfOneIpv6NetworkCountTogether) {
  Browser visitor = browser();
  for (int i = 0; i < 11; ++i) {
    visitor.forwarded_for = "2001:db8:1:2::" + std::to_string(i + 1);
    EXPECT_EQ(log_in(visitor, "Wrong2026"), i < 10 ? 401 : 429) << i;
  }
  visitor.forwarded_for = "2001:db8:1:3::1";
  EXPECT_EQ(log_in(visitor, "Hanako2026"), 303);
}

TEST_F(Limits, AnAccountUnderAttackFromManyAddressesAnswersOnceInTenSeconds) {
  settings_.attempts.at(service::AttemptKind::login_of_account).most = 12;
  Browser visitor = browser();
  for (int i = 0; i < 12; ++i) {
    visitor.forwarded_for = "198.51.100." + std::to_string(i + 1);
    EXPECT_EQ(log_in(visitor, "Wrong2026"), 401) << i;
  }
  visitor.forwarded_for = "203.0.113.1";
  EXPECT_EQ(log_in(visitor, "Hanako2026"), 429);
  EXPECT_EQ(visitor.header("Retry-After"), "10");
  pass(10s);
  EXPECT_EQ(log_in(visitor, "Hanako2026"), 303);
}

TEST_F(Limits, WrongCurrentPasswordsCountAsFailedLogIns) {
  struct Case {
    const char* path;
    Fields form;
  };
  const std::vector<Case> cases = {
      {"/reg/password",
       {{"currentPassword", "Wrong2026"}, {"password", "Hanako2027"}, {"passwordConfirm", "Hanako2027"}}},
      {"/reg/gateway/release?gw=01AB12345678", {{"password", "Wrong2026"}}},
      {"/reg/account/close", {{"password", "Wrong2026"}, {"agree", "1"}}}};
  for (const auto& [path, form] : cases) {
    Browser visitor = browser(), elsewhere = browser();
    EXPECT_EQ(log_in(visitor, "Hanako2026"), 303);
    for (int i = 0; i < 10; ++i) EXPECT_EQ(visitor.fill(path, form).status, 422) << path << " " << i;
    EXPECT_EQ(visitor.fill(path, form).status, 429) << path;
    EXPECT_TRUE(visitor.has(kLockedText));
    EXPECT_EQ(log_in(visitor, "Hanako2026"), 429) << "log-ins and forms together";
    EXPECT_EQ(log_in(elsewhere, "Hanako2026"), 303);
  }
}

TEST_F(Limits, ARightCurrentPasswordClearsTheCount) {
  Browser visitor = browser();
  for (int i = 0; i < 9; ++i) EXPECT_EQ(log_in(visitor, "Wrong2026"), 401);
  EXPECT_EQ(log_in(visitor, "Hanako2026"), 303);
  const auto change = [&](const char* current, const char* next) {
    return visitor.fill("/reg/password", {{"currentPassword", current}, {"password", next}, {"passwordConfirm", next}})
        .status;
  };
  for (int i = 0; i < 9; ++i) EXPECT_EQ(change("Wrong2026", "Hanako2027"), 422);
  EXPECT_EQ(change("Hanako2026", "Hanako2027"), 303);
  for (int i = 0; i < 9; ++i) EXPECT_EQ(change("Wrong2026", "Hanako2028"), 422);
  EXPECT_EQ(change("Hanako2027", "Hanako2028"), 303);
}

TEST_F(Limits, LocksAreAudited) {
  Browser visitor = browser();
  for (int i = 0; i < 12; ++i) log_in(visitor, "Wrong2026");
  int locks = 0;
  registry_.read([&](service::Transaction& tx) {
    for (const auto& row : tx.audit().newest_first({"", "lock"}, 100)) locks += row.entry.act == "lock" ? 1 : 0;
  });
  EXPECT_EQ(locks, 1);
}

TEST_F(Limits, TenRegistrationsAnHourFromOneAddress) {
  Browser visitor = browser();
  for (int i = 0; i < 11; ++i) {
    Fields form = dealer_form("販売店" + std::to_string(i));
    form["mail"] = form["mailConfirm"] = "shop" + std::to_string(i) + "@example.jp";
    visitor.cookies.clear();
    visitor.fill("/entry/account/regist", form).follow();
    EXPECT_EQ(visitor.post("/entry/account/registConfirm", {}).status, i < 10 ? 303 : 429) << i;
  }
  EXPECT_EQ(visitor.header("Retry-After"), "3600");
}

TEST_F(Limits, SixtyTokenPagesIn15MinutesFromOneAddress) {
  Browser visitor = browser(), elsewhere = browser();
  for (int i = 0; i < 60; ++i) EXPECT_EQ(visitor.get("/reg/account/mainRegist?id=guess").status, 410) << i;
  EXPECT_EQ(visitor.get("/entry/contact/verify?id=guess").status, 429) << "all token pages together";
  EXPECT_EQ(elsewhere.get("/reg/account/mainRegist?id=guess").status, 410);
  EXPECT_EQ(visitor.get("/reg/").status, 200);
}

TEST_F(Limits, TenWrongGatewayPasswordsLockTheIdForEverybody) {
  Browser visitor = browser();
  Fields form = hanako_form("01AB12345679");
  for (const bool known : {true, false}) {
    form["gatewayId"] = known ? "01AB12345679" : "ZZZZZZZZZZZZ";
    for (int i = 0; i < 10; ++i) {
      visitor.forwarded_for = "198.51.100." + std::to_string(i + 1);
      form["gatewayPassword"] = "wrong";
      EXPECT_EQ(visitor.fill("/reg/account/regist", form).status, 422) << known << " " << i;
    }
    form["gatewayPassword"] = "abcedfghijk12";
    visitor.forwarded_for = "203.0.113.1";
    EXPECT_EQ(visitor.fill("/reg/account/regist", form).status, 429) << known;
    EXPECT_TRUE(visitor.has(kLockedText));
  }
  pass(15min);
  form["gatewayId"] = "01AB12345679";
  EXPECT_EQ(visitor.fill("/reg/account/regist", form).status, 303);
}

TEST_F(Limits, ThirtyClaimsAnHourFromOneAddress) {
  Browser visitor = browser();
  for (int i = 0; i < 31; ++i) {
    Fields form = hanako_form(fmt::format("ZZZZZZZZZZ{:02}", i));
    EXPECT_EQ(visitor.fill("/reg/account/regist", form).status, i < 30 ? 422 : 429) << i;
  }
}

TEST_F(Limits, TenWrongDealerNumbersLockTheAccountsLinking) {
  Browser hanako = browser();
  log_in(hanako, "Hanako2026");
  make_dealers(1);
  const std::string path = "/reg/dealer/link?gw=01AB12345678";
  for (int i = 0; i < 10; ++i) EXPECT_EQ(hanako.fill(path, link_form(5000 + i)).status, 422) << i;
  EXPECT_EQ(hanako.fill(path, link_form(4001)).status, 429);
  pass(15min);
  EXPECT_EQ(hanako.fill(path, link_form(4001)).status, 303);
}

}  // namespace
}  // namespace v2x::test
