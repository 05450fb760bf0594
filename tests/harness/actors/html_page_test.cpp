// Pages as people read them: elements, forms, buttons.
#include "harness/actors/html_page.hpp"

#include <gmock/gmock.h>

namespace v2x::actors {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

const HtmlPage& page() {
  static const HtmlPage shown(
      R"(<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>登録 | サイト</title></head>
<body data-page="R02"><main><h1> アカウント
 登録 </h1><a id="lnk" href="/reg/sample">サンプル</a>
<form method="post" action="/reg/account/regist"><input type="hidden" name="_csrf" value="tok">
<input id="sei" name="sei" value="御室"><input type="checkbox" name="notifyFault" value="1" checked>
<input type="checkbox" name="notifyOffline"><input name="off" disabled value="x">
<select id="pref" name="pref"><option value="">-</option><option value="26" selected>京都府</option><option value="27">大阪府</option></select>
<textarea name="note">よろしく &amp; どうぞ</textarea>
<button id="btn-back" name="act" value="back">前に戻る</button><button id="btn-next" name="act" value="next" formaction="/next">次に進む</button>
</form><button id="btn-lost">x</button><table><tr data-gw="A"><td>1</td></tr><tr data-gw="B"><td>2</td></tr></table></main></body></html>)");
  return shown;
}

TEST(HtmlPage, ReadsIdTitleAndElements) {
  EXPECT_EQ(page().id(), "R02");
  EXPECT_EQ(page().title(), "登録 | サイト");
  EXPECT_EQ(page().text("//h1"), "アカウント 登録");
  EXPECT_EQ(page().text("#lnk"), "サンプル");
  EXPECT_EQ(page().text("//tr[@data-gw='B']/td"), "2");
  EXPECT_EQ(page().text("#nothing"), std::nullopt);
  EXPECT_EQ(page().count("//tr[@data-gw]"), 2u);
}

TEST(HtmlPage, PressSendsWhatABrowserWouldSend) {
  const auto action =
      page().press("#btn-next", {{"sei", "山田"}, {"notifyOffline", "yes"}, {"notifyFault", "no"}, {"pref", "27"}});
  ASSERT_TRUE(action);
  EXPECT_EQ(action->method, "POST");
  EXPECT_EQ(action->target, "/next");
  EXPECT_THAT(action->fields, ElementsAre(Pair("_csrf", "tok"), Pair("sei", "山田"), Pair("notifyOffline", "on"),
                                          Pair("pref", "27"), Pair("note", "よろしく & どうぞ"), Pair("act", "next")));
}

TEST(HtmlPage, UntouchedFieldsKeepTheirValues) {
  const auto action = page().press("#btn-back", {});
  ASSERT_TRUE(action);
  EXPECT_EQ(action->target, "/reg/account/regist");
  EXPECT_THAT(action->fields, ElementsAre(Pair("_csrf", "tok"), Pair("sei", "御室"), Pair("notifyFault", "1"),
                                          Pair("pref", "26"), Pair("note", "よろしく & どうぞ"), Pair("act", "back")));
}

TEST(HtmlPage, PressOnALinkOpensIt) {
  const auto action = page().press("#lnk", {});
  ASSERT_TRUE(action);
  EXPECT_EQ(action->method, "GET");
  EXPECT_EQ(action->target, "/reg/sample");
}

TEST(HtmlPage, TellsWhatIsNotThere) {
  EXPECT_THAT(page().press("#btn-gone", {}).error().message, HasSubstr("page R02 has no '#btn-gone'"));
  EXPECT_THAT(page().press("#btn-lost", {}).error().message, HasSubstr("belongs to no form"));
  EXPECT_THAT(page().press("#btn-next", {{"seii", "x"}}).error().message,
              HasSubstr("'seii' is no field of the form, nearest: 'sei'"));
  EXPECT_THAT(page().press("#btn-next", {{"pref", "48"}}).error().message,
              HasSubstr("the list 'pref' has no entry '48'"));
}

TEST(HtmlPage, BearsWhatIsNoPage) {
  for (const char* text : {"", "{\"a\":1}", "<p>open <b>ends", "\xff\xfe"}) {
    const HtmlPage odd(text);
    EXPECT_EQ(odd.id(), "");
    EXPECT_FALSE(odd.press("#x", {}));
  }
}

}  // namespace
}  // namespace v2x::actors
