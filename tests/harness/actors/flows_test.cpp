// Errands that are refused: only the wanted words make them succeed.
#include "harness/actors/flows.hpp"

#include <gmock/gmock.h>

#include "harness/actors/http_browser.hpp"
#include "tests/harness/small_site.hpp"

namespace v2x::actors {
namespace {

using testing::HasSubstr;

/// A login that knows one password.
class Errands : public SmallSite {
 protected:
  Errands() {
    server_.Get("/reg/login", [](const httplib::Request&, httplib::Response& answer) {
      answer.set_content(login_page(""), "text/html");
    });
    server_.Post("/reg/login", [](const httplib::Request& request, httplib::Response& answer) {
      const bool good = request.get_param_value("loginpassword") == "Hanako2026";
      answer.status = good ? 200 : 401;
      answer.set_content(good ? "<body data-page='R20'></body>" : login_page("wrong"), "text/html");
    });
  }

  static std::string login_page(const std::string& error) {
    return "<body data-page='R10'><p id='errors'>" + error + "</p><p id='err-loginid'>" + error +
           "</p><form method='post'><input name='loginid'><input name='loginpassword'><button "
           "id='login-button'></button></form></body>";
  }

  Status log_in(const std::string& password, const Deviation& deviation) {
    HttpBrowser browser(port_, "192.0.2.7", [](const View&) {});
    return actors::log_in(browser, place("management"), {"hanako@example.jp", password}, deviation);
  }
};

TEST_F(Errands, SucceedWhenNobodyRefuses) {
  EXPECT_TRUE(log_in("Hanako2026", {}));
  EXPECT_TRUE(log_in("forgotten", {{{"loginpassword", "Hanako2026"}}, {}}));
}

TEST_F(Errands, SucceedWhenTheyAreRefusedAsWanted) {
  EXPECT_TRUE(log_in("x", {{}, {"wrong", {}}}));
  EXPECT_TRUE(log_in("x", {{}, {"", {{"loginid", "wrong"}}}}));
}

TEST_F(Errands, FailOtherwise) {
  const struct {
    const char* password;
    scenario::Refused refusal;
    const char* why;
  } cases[] = {
      {"x", {}, "expected page R20, but POST /reg/login answered 401 with page R10: wrong"},
      {"x", {"locked", {}}, "page R10 (401) does not say 「locked」, but: wrong"},
      {"x", {"", {{"loginid", "locked"}}}, "beside loginid is 「wrong」, expected 「locked」"},
      {"x", {"", {{"mail", "locked"}}}, "says nothing beside mail"},
      {"Hanako2026", {"wrong", {}}, "was not refused, but led to page R20 (200)"},
  };
  for (const auto& one : cases) {
    const Status status = log_in(one.password, {{}, one.refusal});
    ASSERT_FALSE(status) << one.why;
    EXPECT_THAT(status.error().message, HasSubstr(one.why));
    EXPECT_EQ(status.error().code, "page");
  }
}

}  // namespace
}  // namespace v2x::actors
