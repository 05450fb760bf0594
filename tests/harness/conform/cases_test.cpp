// The table of cases, its page, and the words of the command line.
#include "harness/conform/cases.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <set>

#include "common/bad_input.hpp"
#include "harness/conform/suite.hpp"
#include "tests/paths.hpp"

namespace v2x::conform {
namespace {

TEST(Cases, HaveNamesOfTheirOwnAndSayWhatTheyShow) {
  std::set<std::string> names;
  for (const Case& one : cases()) {
    EXPECT_TRUE(names.insert(one.name).second) << one.name;
    EXPECT_TRUE(one.shows.ends_with('.')) << one.name;
    EXPECT_NE(one.run, nullptr) << one.name;
  }
}

TEST(Cases, CoverTheLawsThatBindAGateway) {
  std::set<std::string> covered;
  for (const Case& one : cases()) covered.insert(one.covers.begin(), one.covers.end());
  for (const char* law : {"LAW-1", "LAW-2", "LAW-3", "LAW-4", "LAW-7", "LAW-8"})
    EXPECT_TRUE(covered.contains(law)) << law;
}

TEST(Cases, ThePageInDocsIsTheGeneratedOne) {
  std::ifstream in(in_sources("docs/reference/gateway-conformance.md"));
  const std::string page(std::istreambuf_iterator<char>(in), {});
  EXPECT_EQ(page, reference_page())
      << "make it again: build/bin/v2x conform gateway --markdown > docs/reference/gateway-conformance.md";
}

TEST(Cases, AnUnknownNameIsRefusedWithTheNearest) {
  try {
    find_case("hello_is_repeted");
    FAIL();
  } catch (const BadInput& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("nearest: 'hello_is_repeated'"));
  }
}

TEST(Suite, RefusesHooksThatItDoesNotKnow) {
  for (const char* hook : {"rebot=x", "reboot", "reboot="}) {
    SuiteOptions options;
    options.hooks = {hook};
    EXPECT_THROW(run_suite(options), BadInput) << hook;
  }
}

}  // namespace
}  // namespace v2x::conform
