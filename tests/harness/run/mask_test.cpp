// What a record must not show.
#include "harness/run/mask.hpp"

#include <gtest/gtest.h>

namespace v2x::run {
namespace {

const std::string kToken = "abcdefghijABCDEFGHIJ0123456789-_abcdefghijk";

TEST(Mask, TokensHostsAndFormTokensBecomeWords) {
  EXPECT_EQ(mask("http://127.0.0.1:20001/reg/account/mainRegist?id=" + kToken + "\n"),
            "http://‹host›/reg/account/mainRegist?id=‹token›\n");
  EXPECT_EQ(mask("<input name=\"_csrf\" value=\"short\">"), "<input name=\"_csrf\" value=\"‹csrf›\">");
  EXPECT_EQ(mask("localhost:8080"), "‹host›");
}

TEST(Mask, EverythingElseStays) {
  for (const std::string text : {"01AB12345678", "状態 正常動作中", "127.0.0.1", "x-y_z", ""})
    EXPECT_EQ(mask(text), text);
  EXPECT_EQ(mask(kToken + "x"), kToken + "x");
  EXPECT_EQ(mask(kToken.substr(1)), kToken.substr(1));
}

TEST(Mask, ReachesIntoJson) {
  nlohmann::json json{{"a", {{"b", {1, "127.0.0.1:80", nullptr}}}}};
  mask(json);
  EXPECT_EQ(json.dump(), R"({"a":{"b":[1,"‹host›",null]}})");
}

}  // namespace
}  // namespace v2x::run
