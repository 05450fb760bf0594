// Files to download, as people see them who open them.
#include "harness/actors/file_page.hpp"

#include <gtest/gtest.h>

#include "harness/actors/html_page.hpp"

namespace v2x::actors {
namespace {

HtmlPage shown(const std::string& bytes) {
  return HtmlPage(page_of_file({"v2x_01AB12345678_202604.csv", "text/csv; charset=utf-8", bytes}));
}

TEST(FilePage, ShowsNameKindAndLines) {
  const HtmlPage page = shown("\xEF\xBB\xBF年月日,a<b\r\n2026/04/01,1\r\n");
  EXPECT_EQ(page.id(), "file");
  EXPECT_EQ(page.text("//h1"), "v2x_01AB12345678_202604.csv");
  EXPECT_EQ(page.text("#type"), "text/csv; charset=utf-8");
  EXPECT_EQ(page.text("#byte-order-mark"), "yes");
  EXPECT_EQ(page.text("#line-ends"), "CRLF");
  EXPECT_EQ(page.text("#lines"), "2");
  EXPECT_EQ(page.text("//div[@id='content']/p[1]"), "年月日,a<b");
  EXPECT_EQ(page.text("//div[@id='content']/p[last()]"), "2026/04/01,1");
}

TEST(FilePage, TellsLineEndsApart) {
  EXPECT_EQ(shown("a\nb\n").text("#line-ends"), "LF");
  EXPECT_EQ(shown("a\r\nb\n").text("#line-ends"), "mixed");
  EXPECT_EQ(shown("a\r\nb").text("#line-ends"), "mixed");
  EXPECT_EQ(shown("a").text("#line-ends"), "none");
  EXPECT_EQ(shown("a\n\nb\n").text("#lines"), "3");
  EXPECT_EQ(shown("").text("#lines"), "0");
  EXPECT_EQ(shown("a\n").text("#byte-order-mark"), "no");
}

TEST(FilePage, OnlyAnAttachmentIsAFile) {
  EXPECT_EQ(attachment_name("attachment; filename=\"a.csv\""), "a.csv");
  EXPECT_EQ(attachment_name("inline; filename=\"a.csv\""), "");
  EXPECT_EQ(attachment_name(""), "");
}

}  // namespace
}  // namespace v2x::actors
