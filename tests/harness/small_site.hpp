// A small site with a form that answers 303 and a page that tells what it was sent, for every kind of browser.
#pragma once

#include <gtest/gtest.h>
#include <httplib.h>

#include <string>
#include <thread>

namespace v2x::actors {

/// Without it a phone lays a page out as if it were 980 px wide.
inline const std::string kViewport = "<!DOCTYPE html><meta name='viewport' content='width=device-width'>";

class SmallSite : public testing::Test {
 protected:
  SmallSite() {
    page("/form",
         "<form id='f' method='post' action='save'><input name='name' value='old'><select name='pref'><option value=''>"
         "</option><option value='26'>京都府</option></select><input type='checkbox' name='agree' value='1'>"
         "<input type='hidden' name='_csrf' value='x'><button id='go'>x</button></form>"
         "<button id='hidden' form='f' style='display:none'>y</button><a id='on' href='/nothing'>z</a>");
    server_.Post("/save", [](const httplib::Request& request, httplib::Response& answer) {
      std::string sent;
      for (const char* name : {"name", "pref", "agree"}) sent += request.get_param_value(name) + "/";
      answer.set_redirect("/shown?v=" + httplib::detail::encode_query_param(sent), 303);
    });
    server_.Get("/shown", [](const httplib::Request& request, httplib::Response& answer) {
      answer.set_content(kViewport + "<body data-page='S'><p id='v'>" + request.get_param_value("v") +
                             "</p><p id='c'>" + request.get_header_value("Cookie") + "</p><p id='f'>" +
                             request.get_header_value("X-Forwarded-For") + "</p></body>",
                         "text/html; charset=utf-8");
    });
    server_.Post("/refuse", [](const httplib::Request&, httplib::Response& answer) {
      answer.status = 422;
      answer.set_content(kViewport + "<body data-page='R'><p id='errors'>no</p></body>", "text/html; charset=utf-8");
    });
    page("/strict", "<form method='post' action='/refuse'><button id='go'>x</button></form>");
    page("/ticking",
         "<p id='t'>still</p><button id='look' type='button'>l</button><script>setInterval(() => { t.textContent = "
         "'moved' }, 1);"
         "setTimeout(() => { t.textContent = 'moved' }, 1)</script>");
    page("/renews",
         "<p id='t'>old</p><script>let n = 0; setInterval(async () => { if (++n < 30) return; const answer = await "
         "fetch('/news'); t.textContent = await answer.text(); }, 1000)</script>");
    page("/keeps",
         "<p id='t'></p><script>t.textContent = document.cookie + (localStorage.it ?? 'nothing');"
         "localStorage.it = 'kept'</script>");
    page("/leaves",
         "<script>setInterval(async () => { await fetch('/news'); location.replace('/shown?v=gone') }, "
         "600)</script>");
    page("/again", "<noscript><meta http-equiv='refresh' content='60; url=/shown?v=again&amp;by=page'></noscript>");
    server_.Get("/news",
                [](const httplib::Request&, httplib::Response& answer) { answer.set_content("new", "text/plain"); });
    page("/wide", "<p style='width:700px'>x</p>");
    server_.Get("/loop", [](const httplib::Request&, httplib::Response& answer) { answer.set_redirect("/loop", 303); });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~SmallSite() override {
    server_.stop();
    thread_.join();
  }

  /// A page with the id F and a cookie.
  void page(const std::string& path, const std::string& body) {
    server_.Get(path, [body](const httplib::Request&, httplib::Response& answer) {
      answer.set_header("Set-Cookie", "reg_session=abc; Path=/; HttpOnly");
      answer.set_content(kViewport + "<body data-page='F'>" + body + "</body>", "text/html; charset=utf-8");
    });
  }

  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace v2x::actors
