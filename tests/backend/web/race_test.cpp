// Races that only the database can decide: two customers and one gateway, two links and the fifth place, one form sent
// twice. 200 tries of each, by two threads over HTTP.
#include <fmt/format.h>

#include <latch>
#include <thread>

#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/drafts.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/service/ports/links.hpp"
#include "backend/service/ports/sessions.hpp"
#include "backend/service/secrets.hpp"
#include "tests/backend/web/site_fixture.hpp"

namespace v2x::test {
namespace {

using model::AccountKind;
using service::Transaction;

constexpr int kTries = 200;
constexpr auto kGateway = "01AB12345678";

class Race : public SiteFixture {
 protected:
  model::Account add_account(AccountKind kind, const std::string& mail) {
    return registry_.transact([&](Transaction& tx) {
      const model::Person person{"御室",         "花子", "オムロ", "ハナコ", mail, {"600-8530", "26", "京都市", "1"},
                                 "075-344-7000", "",     ""};
      const auto account = tx.accounts().add({0, kind, mail, "no password", "販売店", person});
      tx.accounts().note_agreement(account.id, "2019-01-01", "");
      return account;
    });
  }
  /// A window in which the account is logged in.
  Browser window_of(const model::Account& account) {
    const std::string token = service::new_token();
    registry_.transact([&](Transaction& tx) {
      tx.sessions().add({service::hash_of(token), "reg", account.id, tx.now(), tx.now()});
    });
    Browser window = browser();
    window.cookies["reg_session"] = token;
    window.get("/reg/menu");
    return window;
  }
  /// What the steps before the last one leave behind.
  void put_draft(const Browser& window, const std::string& wizard, const service::Form& form) {
    registry_.transact([&](Transaction& tx) {
      tx.drafts().put({service::hash_of(window.cookies.at("reg_session")), wizard}, {form, false},
                      tx.now() + std::chrono::minutes(30));
    });
  }
  /// Both press at once, each with its own _csrf.
  static void press_at_once(Browser& one, Browser& other, const std::string& path) {
    const auto csrf = [](const Browser& window) { return service::csrf_of(window.cookies.at("reg_session")); };
    std::latch both(2);
    const auto press = [&](Browser& window) {
      both.arrive_and_wait();
      window.post(path, {{"_csrf", csrf(window)}});
    };
    std::thread thread([&] { press(other); });
    press(one);
    thread.join();
  }
  static service::Form place(const std::string& gateway_id) {
    return {{"gatewayId", gateway_id}, {"siteName", "西の家"}, {"siteZip1", "541"},  {"siteZip2", "0055"},
            {"sitePref", "27"},        {"siteCity", "大阪市"}, {"siteAddr", "1-4-5"}};
  }
  model::Account hanako_ = add_account(AccountKind::customer, "hanako@example.jp");
};

TEST_F(Race, OfTwoClaimsOfOneGatewayExactlyOneWins_GW03) {
  Browser hanako = window_of(hanako_), taro = window_of(add_account(AccountKind::customer, "taro@example.jp"));
  for (int i = 0; i < kTries; ++i) {
    put_draft(hanako, "claim", place(kGateway));
    put_draft(taro, "claim", place(kGateway));
    press_at_once(hanako, taro, "/reg/gateway/registConfirm");
    ASSERT_EQ(std::min(hanako.status, taro.status), 303);
    ASSERT_EQ(std::max(hanako.status, taro.status), 409);
    const Browser& loser = hanako.status == 409 ? hanako : taro;
    ASSERT_EQ(loser.page_id(), "R21");
    ASSERT_EQ(loser.text("err-gatewayId"), "入力されたゲートウェイはすでに登録されています。");
    registry_.transact([](Transaction& tx) { tx.gateways().release(tx.gateways().owned(kGateway)->ownership_id); });
  }
}

TEST_F(Race, OfTwoLinksForTheFifthPlaceExactlyOneWins_LINK04) {
  const auto ownership = registry_.transact([&](Transaction& tx) {
    return tx.gateways().claim(kGateway, hanako_.id, {"御室邸", hanako_.person.address});
  });
  for (int i = 1; i <= 6; ++i) {
    const auto dealer = add_account(AccountKind::dealer, fmt::format("shop{}@example.jp", i));
    if (i > 4) continue;
    registry_.transact([&](Transaction& tx) { tx.links().add({0, kGateway, ownership, dealer.dealer_id(), 0, {}}); });
  }
  Browser one = window_of(hanako_), other = window_of(hanako_);
  for (int i = 0; i < kTries; ++i) {
    put_draft(one, "link", {{"gatewayId", kGateway}, {"dealerId", "4005"}});
    put_draft(other, "link", {{"gatewayId", kGateway}, {"dealerId", "4006"}});
    press_at_once(one, other, "/reg/dealer/linkConfirm");
    ASSERT_EQ(std::min(one.status, other.status), 303);
    ASSERT_EQ(std::max(one.status, other.status), 409);
    const Browser& loser = one.status == 409 ? one : other;
    ASSERT_EQ(loser.page_id(), "R41");
    ASSERT_TRUE(loser.has("保守を依頼する販売店様のIDは最大5個まで登録できます。"));
    registry_.transact([&](Transaction& tx) {
      const auto links = tx.links().of_ownership(ownership);
      ASSERT_EQ(links.size(), 5u);
      tx.links().end(links.back().id);
    });
  }
  EXPECT_EQ(mail_count("M-20"), kTries) << "the loser's dealer gets no mail";
}

TEST_F(Race, OneClaimSentTwiceHasOneEffectAndLeadsOn_PAGE04) {
  Browser window = window_of(hanako_), impatient = browser();
  impatient.cookies = window.cookies;
  for (int i = 0; i < kTries; ++i) {
    put_draft(window, "claim", place(kGateway));
    press_at_once(window, impatient, "/reg/gateway/registConfirm");
    ASSERT_EQ(window.location, "/reg/gateway/registComplete");
    ASSERT_EQ(impatient.location, "/reg/gateway/registComplete");
    registry_.transact([&](Transaction& tx) {
      ASSERT_EQ(tx.gateways().of_account(hanako_.id).size(), 1u);
      tx.gateways().release(tx.gateways().owned(kGateway)->ownership_id);
    });
  }
}

TEST_F(Race, OneRegistrationSentTwiceSendsOneMail_PAGE04) {
  for (int i = 0; i < kTries; ++i) {
    Browser window = browser(), impatient = browser();
    window.get("/reg/");
    impatient.cookies = window.cookies;
    Fields fields = hanako_form();
    fields["mail"] = fields["mailConfirm"] = fmt::format("taro{}@example.jp", i);
    put_draft(window, "customer regist", service::Form(fields.begin(), fields.end()));
    press_at_once(window, impatient, "/reg/account/registConfirm");
    ASSERT_EQ(window.location, "/reg/account/registComplete");
    ASSERT_EQ(impatient.location, "/reg/account/registComplete");
  }
  EXPECT_EQ(mail_count("M-01"), kTries);
}

}  // namespace
}  // namespace v2x::test
