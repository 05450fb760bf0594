// The whole service but its listeners, on stores in a scratch directory, with a stepped clock: Hanako owns gateway
// 01AB12345678, dealer 4001 with two verified contacts looks after it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "backend/app/core.hpp"
#include "backend/app/duty_roster.hpp"
#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/contacts.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/service/ports/inventory.hpp"
#include "backend/service/ports/links.hpp"
#include "backend/service/ports/outbox.hpp"
#include "common/jst.hpp"
#include "common/messaging.hpp"
#include "common/scratch_directory.hpp"

namespace v2x::test {

inline constexpr auto kGateway = "01AB12345678";
inline Time at(const std::string& time_of_day) {
  return parse_time("2026-04-01T" + time_of_day + "+09:00").value();
}

class ServiceFixture : public ::testing::Test {
 protected:
  ServiceFixture() = default;
  explicit ServiceFixture(void (*change)(app::BackendOptions&)) : core_(changed(options(scratch_), change), clock_) {}

  static app::BackendOptions changed(app::BackendOptions options, void (*change)(app::BackendOptions&)) {
    change(options);
    return options;
  }
  static app::BackendOptions options(const ScratchDirectory& scratch) {
    app::BackendOptions result;
    result.data = scratch.path();
    result.stepped = true;
    result.smtp = "127.0.0.1:1";  // nobody listens there: tests that send mails say who does
    result.bases = {"http://multi", "http://regist", "http://entry", "http://ctrl"};
    return result;
  }

  void import_gateway(const std::string& id = kGateway) {
    core_.registry.transact([&](service::Transaction& transaction) {
      ASSERT_TRUE(transaction.inventory().import({id, "hash", keys_.public_key}));
    });
  }

  /// Hanako claims the gateway, or somebody else of her name with another address.
  std::int64_t claim(const std::string& mail = "hanako@example.jp") {
    return core_.registry.transact([&](service::Transaction& transaction) {
      model::Account hanako;
      hanako.person = {.sei = "御室",
                       .mei = "花子",
                       .sei_kana = "オムロ",
                       .mei_kana = "ハナコ",
                       .mail = mail,
                       .address = {"600-8530", "26", "京都市", "1-1"},
                       .tel = "075-344-7000",
                       .corp_name = "",
                       .dept_name = ""};
      hanako.login_id = hanako.person.mail;
      const auto account = transaction.accounts().add(hanako);
      return transaction.gateways().claim(kGateway, account.id, {"御室邸", hanako.person.address});
    });
  }

  int add_dealer(const std::string& name) {
    return core_.registry.transact([&](service::Transaction& transaction) {
      model::Account dealer;
      dealer.kind = model::AccountKind::dealer;
      dealer.dealer_name = name;
      dealer.person = {.sei = "店長",
                       .mei = "太郎",
                       .sei_kana = "テンチョウ",
                       .mei_kana = "タロウ",
                       .mail = name + "@example.jp",
                       .address = {"541-0055", "27", "大阪市", "1-4-5"},
                       .tel = "090-9999-9999",
                       .corp_name = "",
                       .dept_name = ""};
      return transaction.accounts().add(dealer).dealer_id();
    });
  }

  void link(std::int64_t ownership, int dealer) {
    core_.registry.transact([&](service::Transaction& transaction) {
      service::Link made;
      made.gateway_id = kGateway;
      made.ownership_id = ownership;
      made.dealer_id = dealer;
      made.linked = transaction.now();
      ASSERT_TRUE(transaction.links().add(made));
    });
  }

  void add_contact(int dealer, const std::string& mail, bool verified = true, bool faults = true, bool offline = true) {
    core_.registry.transact([&](service::Transaction& transaction) {
      service::Contact contact;
      contact.dealer_id = dealer;
      contact.name = mail;
      contact.mail = mail;
      contact.state = verified ? service::ContactState::verified : service::ContactState::pending;
      contact.notify_fault = faults;
      contact.notify_offline = offline;
      transaction.contacts().add(contact);
    });
  }

  void set_up_linked_home() {
    import_gateway();
    ownership_ = claim();
    dealer_ = add_dealer("販売店4001");
    link(ownership_, dealer_);
    add_contact(dealer_, "contact1@example.jp");
    add_contact(dealer_, "contact2@example.jp", true, true, false);
  }

  /// Runs every alarm timer that is due up to `t`, each at its own instant.
  void pass_until(Time t) {
    for (auto due = duties_.next_due(); due && *due <= t; due = duties_.next_due()) {
      clock_.advance_to(*due);
      duties_.run_due(clock_.now());
    }
    clock_.advance_to(t);
  }

  std::vector<service::DecisionRow> decisions() {
    return core_.registry.read([](service::Transaction& transaction) { return transaction.outbox().decisions(0); });
  }
  /// "M-30 queued contact1@example.jp", in order.
  std::vector<std::string> trail() {
    std::vector<std::string> lines;
    for (const auto& row : decisions())
      lines.push_back(row.kind + " " + row.decision + (row.to.empty() ? "" : " " + row.to));
    return lines;
  }

  ScratchDirectory scratch_;
  SteppedClock clock_{at("12:00:00")};
  CurveKeyPair keys_ = make_curve_key_pair();
  app::Core core_{options(scratch_), clock_};
  app::DutyRoster duties_{{&core_.alarm_mail_duty, &core_.alarm_closing_duty}};
  std::int64_t ownership_ = 0;
  int dealer_ = 0;

  void SetUp() override {
    core_.registry.on_commit([this](const auto&) { duties_.changed(); });
  }
};

}  // namespace v2x::test
