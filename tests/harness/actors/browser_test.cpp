// The browser against a small HTTP server: cookies, redirects, forms, addresses.
#include "harness/actors/http_browser.hpp"

#include <gmock/gmock.h>
#include <httplib.h>

#include <thread>

namespace v2x::actors {
namespace {

/// A site with a form that answers 303, and a page that tells what it was sent.
class Browsing : public testing::Test {
 protected:
  Browsing() {
    server_.Get("/form", [](const httplib::Request&, httplib::Response& answer) {
      answer.set_header("Set-Cookie", "reg_session=abc; Path=/; HttpOnly");
      answer.set_content(
          "<body data-page='F'><form method='post' action='save'><input name='名'><button "
          "id='go'>x</button></form></body>",
          "text/html");
    });
    server_.Post("/save", [](const httplib::Request& request, httplib::Response& answer) {
      answer.status = 303;
      answer.set_header("Location", "http://elsewhere.example/shown?v=" +
                                        httplib::detail::encode_query_param(request.get_param_value("名")));
    });
    server_.Get("/shown", [](const httplib::Request& request, httplib::Response& answer) {
      answer.set_content("<body data-page='S'><p id='v'>" + request.get_param_value("v") + "</p><p id='c'>" +
                             request.get_header_value("Cookie") + "</p><p id='f'>" +
                             request.get_header_value("X-Forwarded-For") + "</p></body>",
                         "text/html");
    });
    server_.Get("/loop", [](const httplib::Request&, httplib::Response& answer) { answer.set_redirect("/loop", 303); });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~Browsing() override {
    server_.stop();
    thread_.join();
  }

  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
  std::vector<std::string> seen_;
  HttpBrowser browser() {
    return HttpBrowser(port_, "192.0.2.7", [this](const View& view) { seen_.push_back(view.path); });
  }
};

TEST_F(Browsing, FillsAFormAndFollowsTheRedirectWithItsCookies) {
  HttpBrowser hanako = browser();
  ASSERT_TRUE(hanako.open("http://kp-net.example/form"));
  const auto shown = hanako.press("#go", {{"名", "花子"}});
  ASSERT_TRUE(shown) << shown.error().message;
  EXPECT_EQ(shown->page.id(), "S");
  EXPECT_EQ(shown->page.text("#v"), "花子");
  EXPECT_EQ(shown->page.text("#c"), "reg_session=abc");
  EXPECT_EQ(shown->page.text("#f"), "192.0.2.7");
  EXPECT_EQ(seen_.size(), 2u);
}

TEST_F(Browsing, GivesUpOnEndlessRedirectsAndDeadServers) {
  HttpBrowser hanako = browser();
  EXPECT_EQ(hanako.open("/loop").error().code, "page");
  EXPECT_EQ(hanako.press("#go").error().code, "page");
  HttpBrowser lost(1, "192.0.2.7", [](const View&) {});
  EXPECT_EQ(lost.open("/").error().code, "http");
}

TEST_F(Browsing, ShowsErrorPagesWithTheirStatus) {
  HttpBrowser hanako = browser();
  const auto shown = hanako.open("/nothing");
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->status, 404);
}

}  // namespace
}  // namespace v2x::actors
