#include "common/nearest.hpp"

#include <gtest/gtest.h>

namespace v2x {
namespace {

const std::vector<std::string> kVerbs = {"advance", "set", "clear", "expect", "mail", "page"};

TEST(Nearest, finds_the_word_that_was_meant) {
  EXPECT_EQ(nearest("advence", kVerbs), "advance");
  EXPECT_EQ(nearest("exspect", kVerbs), "expect");
  EXPECT_EQ(nearest("mial", kVerbs), "mail");
  EXPECT_EQ(nearest("st", kVerbs), "set");
}

TEST(Nearest, first_of_equally_near_words_is_taken) {
  EXPECT_EQ(nearest("b", {"a", "c"}), "a");
}

TEST(Nearest, nothing_is_near_to_nothing) {
  EXPECT_EQ(nearest("set", {}), "");
  EXPECT_EQ(unknown_word("set", "verb", {}), "'set' is no verb");
}

TEST(Nearest, message_names_both_words) {
  EXPECT_EQ(unknown_word("maill", "verb", kVerbs), "'maill' is no verb, nearest: 'mail'");
}

}  // namespace
}  // namespace v2x
