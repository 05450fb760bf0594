// The reference page in docs and the schema for editors follow the vocabulary.
#include "harness/scenario/reference.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "harness/scenario/vocabulary.hpp"
#include "tests/paths.hpp"

namespace v2x::scenario {
namespace {

TEST(Reference, ThePageInDocsIsTheGeneratedOne) {
  std::ifstream in(in_sources("docs/reference/scenarios.md"));
  const std::string page(std::istreambuf_iterator<char>(in), {});
  EXPECT_EQ(page, reference_page()) << "make it again: build/bin/v2x verbs --markdown > docs/reference/scenarios.md";
}

TEST(Reference, TheSchemaKnowsEveryVerbAndArgument) {
  const auto schema = scenario_schema();
  const auto& verbs = schema["properties"]["steps"]["items"]["properties"];
  EXPECT_EQ(verbs.size(), vocabulary().size());
  for (const Verb& verb : vocabulary()) {
    ASSERT_TRUE(verbs.contains(verb.name)) << verb.name;
    const auto& takes = verbs[verb.name];
    const auto& map = takes.contains("anyOf") ? takes["anyOf"][1] : takes;
    EXPECT_EQ(takes.contains("anyOf"), !verb.scalar.empty()) << verb.name;
    for (const Argument& argument : verb.arguments)
      EXPECT_TRUE(map["properties"].contains(argument.name)) << verb.name << " " << argument.name;
  }
}

TEST(Reference, TheSchemaSaysWhatArgumentsTake) {
  const auto schema = scenario_schema();
  const auto& page = schema["properties"]["steps"]["items"]["properties"]["page"]["properties"];
  EXPECT_THAT(page["open"]["enum"].dump(), testing::HasSubstr("\"monitoring home\""));
  EXPECT_EQ(page["status"]["type"], "integer");
  EXPECT_EQ(page["fill"]["type"], "object");
}

}  // namespace
}  // namespace v2x::scenario
