// What a person sees while scenarios run.
#include "harness/run/progress.hpp"

#include <gtest/gtest.h>

#include <string>

namespace v2x::run {
namespace {

std::string printed_of(const ScenarioResult& result) {
  std::FILE* out = std::tmpfile();
  Progress(out, 1).finished(result);
  std::string text(static_cast<size_t>(std::ftell(out)), '\0');
  std::rewind(out);
  text.resize(std::fread(text.data(), 1, text.size(), out));
  std::fclose(out);
  return text;
}

TEST(Progress, ShowsNoTokenOfAFailure) {  // SEC-02
  ScenarioResult result;
  result.name = "account/x";
  result.outcome = Outcome::failed;
  result.sentence = "/reg/account/mailChange?id=GZTsEC6JkY0a01SphUm2BDAxyAVSzB4JSVHKJdNRENs answered 410";
  const std::string text = printed_of(result);
  EXPECT_EQ(text.find("GZTsEC6JkY0a01SphUm2BDAxyAVSzB4JSVHKJdNRENs"), std::string::npos) << text;
  EXPECT_NE(text.find("mailChange?id=‹token› answered 410"), std::string::npos) << text;
}

}  // namespace
}  // namespace v2x::run
