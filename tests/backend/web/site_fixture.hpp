// The web server over stores in a scratch directory, with a stepped clock.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "backend/mail/template_texts.hpp"
#include "backend/service/mail_request_duty.hpp"
#include "backend/service/passwords.hpp"
#include "backend/service/ports/inventory.hpp"
#include "backend/service/ports/outbox.hpp"
#include "backend/store/registry_sqlite.hpp"
#include "backend/store/telemetry_sqlite.hpp"
#include "backend/web/server.hpp"
#include "common/jst.hpp"
#include "common/resources.hpp"
#include "common/scratch_directory.hpp"
#include "tests/backend/web/browser.hpp"

namespace v2x::test {

inline Fields hanako_form(const std::string& gateway_id = "01AB12345678") {
  return {{"sei", "御室"},
          {"mei", "花子"},
          {"seiKana", "オムロ"},
          {"meiKana", "ハナコ"},
          {"mail", "hanako@example.jp"},
          {"mailConfirm", "hanako@example.jp"},
          {"zip1", "600"},
          {"zip2", "8530"},
          {"pref", "26"},
          {"city", "京都市下京区"},
          {"addr", "塩小路通堀川東入"},
          {"tel1", "075"},
          {"tel2", "344"},
          {"tel3", "7000"},
          {"corpName", ""},
          {"deptName", ""},
          {"gatewayId", gateway_id},
          {"gatewayPassword", "abcedfghijk12"},
          {"siteName", "御室邸"},
          {"siteZip1", "600"},
          {"siteZip2", "8530"},
          {"sitePref", "26"},
          {"siteCity", "京都市下京区"},
          {"siteAddr", "塩小路通堀川東入"}};
}

inline Fields dealer_form(const std::string& name = "販売店4001") {
  Fields form = hanako_form();
  for (const auto& customers_only : {"corpName", "deptName", "gatewayId", "gatewayPassword", "siteName", "siteZip1",
                                     "siteZip2", "sitePref", "siteCity", "siteAddr"})
    form.erase(customers_only);
  form["dealerName"] = name;
  form["tel1"] = "090", form["tel2"] = "9999", form["tel3"] = "9999";
  return form;
}

class SiteFixture : public ::testing::Test {
 protected:
  static Time start() { return parse_time("2020-02-14T12:00:00+09:00").value(); }

  void SetUp() override {
    settings_.bases = {"http://multi", "http://regist", "http://entry", "http://ctrl"};
    for (const auto& id : {"01AB12345678", "01AB12345679", "01AB12345680"}) import_gateway(id);
    server_.start();
  }

  void import_gateway(const std::string& id) {
    static const std::string hash = service::Passwords({}).hash("abcedfghijk12").value();
    registry_.transact([&](service::Transaction& tx) { ASSERT_TRUE(tx.inventory().import({id, hash, "key " + id})); });
  }

  /// Each at an address of its own: limits count by address.
  Browser browser() {
    Browser visitor(server_.port());
    visitor.forwarded_for = fmt::format("192.0.2.{}", ++browsers_);
    return visitor;
  }

  /// What the service's timers do soon after a request: decide which mails it causes.
  void decide_requests() { mail_request_duty_.run(clock_.now()); }

  struct Mail {
    std::string kind, to, subject, body;
  };
  /// What waits in the outbox, oldest first.
  std::vector<Mail> mails() {
    decide_requests();
    constexpr int kAll = 1000;
    std::vector<Mail> all;
    registry_.read([&](service::Transaction& tx) {
      for (const auto& mail : tx.outbox().due(clock_.now(), kAll))
        all.push_back({mail.kind, mail.to, mail.subject, mail.body});
    });
    return all;
  }
  int mail_count(const std::string& kind) {
    int count = 0;
    for (const Mail& mail : mails()) count += mail.kind == kind ? 1 : 0;
    return count;
  }
  /// The token in the newest mail of a kind.
  std::string token_of(const std::string& kind) {
    std::string token;
    for (const Mail& mail : mails()) {
      std::smatch found;
      if (mail.kind == kind && std::regex_search(mail.body, found, std::regex("\\?id=([A-Za-z0-9_-]{43})")))
        token = found[1];
    }
    return token;
  }

  /// From the form to the menu.
  void register_customer(Browser& customer, const Fields& form, const std::string& password = "Hanako2026") {
    customer.fill("/reg/account/regist", form).follow();
    customer.post("/reg/account/registConfirm", {}).follow();
    ASSERT_EQ(customer.page_id(), "R04") << customer.body;
    const std::string path = "/reg/account/mainRegist?id=" + token_of("M-01");
    customer.fill(path, {}).follow();
    ASSERT_EQ(customer.page_id(), "R06") << customer.body;
    customer.post("/reg/account/mainRegist/password", {{"password", password},
                                                       {"passwordConfirm", password},
                                                       {"tel1", form.at("tel1")},
                                                       {"tel2", form.at("tel2")},
                                                       {"tel3", form.at("tel3")}});
    customer.follow();
    ASSERT_EQ(customer.page_id(), "R20") << customer.body;
  }

  void register_dealer(Browser& dealer, const Fields& form, const std::string& password = "Shop4001pw") {
    dealer.fill("/entry/account/regist", form).follow();
    dealer.post("/entry/account/registConfirm", {}).follow();
    ASSERT_EQ(dealer.page_id(), "D04") << dealer.body;
    dealer.fill("/entry/account/mainRegist?id=" + token_of("M-01d"), {}).follow();
    dealer.post("/entry/account/mainRegist/password", {{"password", password},
                                                       {"passwordConfirm", password},
                                                       {"tel1", form.at("tel1")},
                                                       {"tel2", form.at("tel2")},
                                                       {"tel3", form.at("tel3")}});
    dealer.follow();
    ASSERT_EQ(dealer.page_id(), "D07") << dealer.body;
  }

  /// Dealers 4001 … 4000 + `count`, each in a browser of its own that is thrown away.
  void make_dealers(int count) {
    for (int i = 1; i <= count; ++i) {
      Browser dealer = browser();
      Fields form = dealer_form("販売店" + std::to_string(4000 + i));
      form["mail"] = form["mailConfirm"] = "shop" + std::to_string(i) + "@example.jp";
      register_dealer(dealer, form);
    }
  }

  static Fields log_in_form(const std::string& id = "hanako@example.jp", const std::string& password = "Hanako2026") {
    return {{"loginid", id}, {"loginpassword", password}};
  }

  static Fields link_form(int dealer_id) {
    return {
        {"dealerId", std::to_string(dealer_id)}, {"dealerTel1", "090"}, {"dealerTel2", "9999"}, {"dealerTel3", "9999"}};
  }

  void link_dealer(Browser& customer, int dealer_id, const std::string& gateway_id = "01AB12345678") {
    customer.fill("/reg/dealer/link?gw=" + gateway_id, link_form(dealer_id)).follow();
    ASSERT_EQ(customer.page_id(), "R42") << customer.body;
    customer.post("/reg/dealer/linkConfirm", {}).follow();
    ASSERT_EQ(customer.page_id(), "R43") << customer.body;
  }

  int browsers_ = 0;
  ScratchDirectory scratch_;
  SteppedClock clock_{start()};
  service::Settings settings_;
  mail::TemplateTexts texts_{resource("mail"), settings_.bases};
  store::RegistrySqlite registry_{
      {scratch_.path() / "registry.db", store::Durability::normal, resource("migrations")}, clock_, texts_};
  service::MailRequestDuty mail_request_duty_{registry_, settings_};
  store::TelemetrySqlite telemetry_{scratch_.path() / "telemetry.db", store::Durability::normal};
  contracts::FaultCatalogue faults_ = contracts::FaultCatalogue::load();
  service::AlarmService alarms_{faults_};
  service::MonitoringQueries monitoring_{registry_, telemetry_, faults_, clock_};
  service::SettingExchange setting_exchange_;
  service::LiveSamples live_{clock_};
  web::Server server_{{"127.0.0.1", 0, {"127.0.0.1"}, resource("web")},
                      {settings_, registry_, monitoring_, alarms_, setting_exchange_, live_, clock_}};
};

}  // namespace v2x::test
