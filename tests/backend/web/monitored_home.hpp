// Hanako, logged in on the monitoring site, and samples of her gateway.
#pragma once

#include <string>
#include <vector>

#include "tests/backend/store/samples.hpp"
#include "tests/backend/web/site_fixture.hpp"

namespace v2x::test {

class MonitoredHome : public SiteFixture {
 protected:
  void SetUp() override {
    SiteFixture::SetUp();
    register_customer(hanako_, hanako_form());
    log_in(hanako_, log_in_form());
  }

  static void log_in(Browser& visitor, const Fields& form) { visitor.fill("/ctrl/login", form).follow(); }

  /// Dealer 4001, whom Hanako lets look after her gateway.
  Browser linked_dealer() {
    Browser dealer = browser();
    make_dealers(1);
    link_dealer(hanako_, 4001);
    log_in(dealer, log_in_form("4001", "Shop4001pw"));
    return dealer;
  }

  void commit(const std::vector<service::TelemetrySample>& samples) {
    registry_.transact([&](service::Transaction& tx) { tx.inventory().seen({{kMeter, samples.back().end()}}); });
    ASSERT_TRUE(telemetry_.commit({batch(seq_ + 1, samples)}));
    seq_ += samples.size();
  }

  /// "2020-02-14T12:00" of the fixture's day.
  static Time today(const std::string& time_of_day) { return jst("2020-02-14T" + time_of_day + ":00"); }

  Browser hanako_ = browser();
  std::uint64_t seq_ = 0;
};

}  // namespace v2x::test
