// Two passes leave the same record, or the first differing line is named.
#include "harness/run/determinism.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

namespace v2x::run {
namespace {

using testing::HasSubstr;

class Determinism : public testing::Test {
 protected:
  std::filesystem::path file(const std::string& name, const std::string& text) {
    const auto path = std::filesystem::path(testing::TempDir()) / (name + std::to_string(getpid()));
    std::ofstream(path) << text;
    return path;
  }
};

const std::string kHead = R"({"name":"x","seed":1,"type":"scenario"})"
                          "\n";
const std::string kSecondHead = R"({"name":"x~2","seed":1,"type":"scenario"})"
                                "\n";
const std::string kVerdict = R"({"outcome":"passed","type":"verdict"})"
                             "\n";

TEST_F(Determinism, TheSameLinesAreTheSameButForThePassesName) {
  EXPECT_EQ(first_difference(file("a", kHead + "{\"t\":1}\n" + kVerdict), file("b", kSecondHead + "{\"t\":1}\n")),
            std::nullopt);
}

TEST_F(Determinism, TheFirstDifferentLineIsNamed) {
  const auto difference =
      first_difference(file("a", kHead + "{\"t\":1}\n{\"t\":2}\n"), file("b", kHead + "{\"t\":1}\n{\"t\":3}\n"));
  ASSERT_TRUE(difference);
  EXPECT_THAT(*difference, HasSubstr("line 3"));
  EXPECT_THAT(*difference, HasSubstr("{\"t\":2}"));
  EXPECT_THAT(*difference, HasSubstr("{\"t\":3}"));
}

TEST_F(Determinism, AMissingLineIsADifference) {
  EXPECT_THAT(*first_difference(file("a", kHead + "{}\n" + kVerdict), file("b", kHead)),
              HasSubstr("second 「nothing」"));
  EXPECT_THAT(*first_difference(file("a", kHead + kVerdict), file("b", kHead + "{}\n")),
              HasSubstr("first 「nothing」"));
}

TEST_F(Determinism, AnotherSeedIsADifference) {
  EXPECT_TRUE(first_difference(file("a", kHead), file("b", R"({"name":"x","seed":2,"type":"scenario"})"
                                                           "\n")));
}

}  // namespace
}  // namespace v2x::run
