// SEC-06's measurement: does the time of an answer tell whether an address or ID is known? 500 interleaved pairs each
// at log-in, registration, resend and reset; the 95 % interval of the median difference must include 0 or lie within ±5
// %. Measures wall time, so it is run by hand on a quiet machine and judged by its reader: exit 1 says that one failed.
#include <algorithm>
#include <cmath>

#include "common/clock.hpp"
#include "tests/backend/web/site_fixture.hpp"

namespace v2x::test {
namespace {

constexpr int kPairs = 500;
constexpr double kShare = 0.05;  // SEC-06: ±5 %
using Microseconds = double;

class Enumeration : public SiteFixture {
 protected:
  void SetUp() override {
    SiteFixture::SetUp();
    for (auto& [kind, limit] : settings_.attempts) limit.most = 1'000'000;
    settings_.registration_mails_an_hour = settings_.registration_mails_a_day = 1'000'000;
    Browser hanako = browser();
    register_customer(hanako, hanako_form());
    Browser shop = browser();
    Fields shops = dealer_form();
    shops["mail"] = shops["mailConfirm"] = kKnownDealer;
    register_dealer(shop, shops);
    // Taro registered, but did not open his URL.
    Browser taro = browser();
    Fields form = hanako_form("01AB12345679");
    form["mail"] = form["mailConfirm"] = kProvisional;
    taro.fill("/reg/account/regist", form).follow();
    taro.post("/reg/account/registConfirm", {});
  }

  static Microseconds time_of(Browser& visitor, const std::string& path, const Fields& fields) {
    const SteadyTime begin = steady_now();
    visitor.post(path, fields);
    return std::chrono::duration<double, std::micro>(steady_now() - begin).count();
  }

  /// `ask(known)` gives the time of one answer.
  template <class Ask>
  void measure(const char* what, Ask ask) {
    std::vector<Microseconds> differences, times;
    for (int pair = 0; pair < kPairs; ++pair) {
      const bool known_first = pair % 2 == 0;
      const Microseconds first = ask(known_first), second = ask(!known_first);
      differences.push_back(known_first ? first - second : second - first);
      times.push_back(known_first ? second : first);
    }
    std::sort(differences.begin(), differences.end());
    std::sort(times.begin(), times.end());
    // Order statistics that hold the median with 95 %: n/2 -+ 1.96 sqrt(n)/2.
    const double reach = 1.96 * std::sqrt(kPairs) / 2;
    const Microseconds low = differences[static_cast<size_t>(kPairs / 2 - reach)];
    const Microseconds high = differences[static_cast<size_t>(kPairs / 2 + reach)];
    const Microseconds usual = times[kPairs / 2];
    fmt::print("{:<13} median {:8.0f} us, difference {:+.2f} % … {:+.2f} %\n", what, usual, 100 * low / usual,
               100 * high / usual);
    const bool includes_0 = low <= 0 && high >= 0;
    EXPECT_TRUE(includes_0 || (low >= -kShare * usual && high <= kShare * usual)) << what;
  }

  static constexpr auto kKnown = "hanako@example.jp", kUnknown = "nobody@example.jp", kProvisional = "taro@example.jp",
                        kKnownDealer = "shop@example.jp";
};

TEST_F(Enumeration, LogIn) {
  Browser visitor = browser();
  measure("log-in", [&](bool known) {
    visitor.get("/reg/login");
    return time_of(visitor, "/reg/login", {{"loginid", known ? kKnown : kUnknown}, {"loginpassword", "Wrong2026"}});
  });
}

TEST_F(Enumeration, Registration) {
  measure("registration", [&](bool known) {
    Browser visitor = browser();
    Fields form = dealer_form();
    form["mail"] = form["mailConfirm"] = known ? kKnownDealer : kUnknown;
    visitor.fill("/entry/account/regist", form).follow();
    const Microseconds time = time_of(visitor, "/entry/account/registConfirm", {});
    decide_requests();
    return time;
  });
}

TEST_F(Enumeration, Resend) {
  Browser visitor = browser();
  measure("resend", [&](bool known) {
    visitor.get("/reg/account/resend");
    const Microseconds time = time_of(visitor, "/reg/account/resend", {{"mail", known ? kProvisional : kUnknown}});
    decide_requests();
    return time;
  });
}

TEST_F(Enumeration, Reset) {
  Browser visitor = browser();
  measure("reset", [&](bool known) {
    visitor.get("/reg/forgot");
    const Microseconds time =
        time_of(visitor, "/reg/forgot", {{"loginid", known ? kKnown : kUnknown}, {"act", "reset"}});
    decide_requests();
    return time;
  });
}

}  // namespace
}  // namespace v2x::test
