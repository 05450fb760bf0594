// The browser without a picture against a small HTTP server: cookies, redirects, forms, addresses.
#include <gmock/gmock.h>

#include "harness/actors/http_browser.hpp"
#include "tests/harness/small_site.hpp"

namespace v2x::actors {
namespace {

class Browsing : public SmallSite {
 protected:
  HttpBrowser browser() {
    return HttpBrowser(port_, "192.0.2.7", [this](const View& view) { seen_.push_back(view.path); });
  }
  std::vector<std::string> seen_;
};

TEST_F(Browsing, FillsAFormAndFollowsTheRedirectWithItsCookies) {
  HttpBrowser hanako = browser();
  ASSERT_TRUE(hanako.open("http://kp-net.example/form"));
  const auto shown = hanako.press("#go", {{"name", "花子"}, {"pref", "26"}, {"agree", "yes"}});
  ASSERT_TRUE(shown) << shown.error().message;
  EXPECT_EQ(shown->page.id(), "S");
  EXPECT_EQ(shown->page.text("#v"), "花子/26/1/");
  EXPECT_EQ(shown->page.text("#c"), "reg_session=abc");
  EXPECT_EQ(shown->page.text("#f"), "192.0.2.7");
  EXPECT_EQ(seen_.size(), 2u);
}

TEST_F(Browsing, OfAnotherHostOnlyThePathCounts) {
  server_.Get("/away", [](const httplib::Request&, httplib::Response& answer) {
    answer.set_redirect("http://elsewhere.example/shown?v=1", 303);
  });
  HttpBrowser hanako = browser();
  EXPECT_EQ(hanako.open("/away")->page.text("#v"), "1");
}

TEST_F(Browsing, GivesUpOnEndlessRedirectsAndDeadServers) {
  HttpBrowser hanako = browser();
  EXPECT_EQ(hanako.open("/loop").error().code, "page");
  EXPECT_EQ(hanako.press("#go").error().code, "page");
  HttpBrowser lost(1, "192.0.2.7", [](const View&) {});
  EXPECT_EQ(lost.open("/").error().code, "http");
}

TEST_F(Browsing, GoesBack) {
  HttpBrowser hanako = browser();
  EXPECT_EQ(hanako.back().error().code, "page");
  ASSERT_TRUE(hanako.open("/form"));
  ASSERT_TRUE(hanako.press("#go"));
  EXPECT_EQ(hanako.back()->page.id(), "F");
  EXPECT_EQ(hanako.back().error().code, "page");
}

TEST_F(Browsing, LoadsAPageAgainAsItSaysForBrowsersWithoutScript) {
  HttpBrowser hanako = browser();
  EXPECT_EQ(hanako.wait_for_renewal().error().code, "page");
  ASSERT_TRUE(hanako.open("/form"));
  EXPECT_THAT(hanako.wait_for_renewal().error().message, testing::HasSubstr("has no meta refresh"));
  ASSERT_TRUE(hanako.open("/again"));
  const auto shown = hanako.wait_for_renewal();
  ASSERT_TRUE(shown) << shown.error().message;
  EXPECT_EQ(shown->path, "/shown?v=again&by=page");
  EXPECT_EQ(shown->renewal, Renewal::reloaded);
  EXPECT_EQ(hanako.back()->page.id(), "F") << "a page that was loaded again is none to go back to";
}

TEST_F(Browsing, ShowsErrorPagesWithTheirStatus) {
  HttpBrowser hanako = browser();
  const auto shown = hanako.open("/nothing");
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->status, 404);
}

}  // namespace
}  // namespace v2x::actors
