#include "common/yaml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace v2x::yaml {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// The message with which `act` refuses the document.
std::string refusal(const std::string& text, const std::function<void(const Node&)>& act) {
  try {
    act(load_text(text, "a.yaml"));
  } catch (const BadInput& error) {
    return error.what();
  }
  return "nothing was refused";
}

TEST(Yaml, values_come_as_what_they_are_asked_for) {
  const Node document =
      load_text("name: 御室 花子\ncount: 3\nvoltage: 116 V\nwait: 10 min\non: yes\nlist: [1, 2]\nempty:\n", "a.yaml");
  EXPECT_EQ(document.at("name").text(), "御室 花子");
  EXPECT_EQ(document.at("count").integer(), 3);
  EXPECT_EQ(document.at("count").number(), 3.0);
  EXPECT_EQ(document.at("voltage").measure("V"), 116);
  EXPECT_EQ(document.at("wait").duration(), std::chrono::minutes(10));
  EXPECT_TRUE(document.at("on").boolean());
  EXPECT_EQ(document.at("list").items().size(), 2u);
  EXPECT_TRUE(document.at("empty").is_null());
  EXPECT_FALSE(document.has("nothing"));
}

TEST(Yaml, entries_keep_the_order_of_the_file) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : load_text("z: 1\na: 2\nm: 3\n", "a.yaml").entries()) keys.push_back(key);
  EXPECT_THAT(keys, ElementsAre("z", "a", "m"));
}

TEST(Yaml, every_node_knows_its_place_from_one) {
  const Node document = load_text("steps:\n  - set: {home.grid.voltage_u: 116 V}\n", "a.yaml");
  const Node step = document.at("steps").items()[0];
  EXPECT_EQ(step.line(), 2);
  EXPECT_EQ(step.at("set").at("home.grid.voltage_u").where(), "a.yaml:2:32");
  EXPECT_EQ(step.at("set").key("home.grid.voltage_u").where(), "a.yaml:2:11");
}

struct Refusal {
  const char* text;
  std::function<void(const Node&)> act;
  const char* message;  ///< its beginning
};

TEST(Yaml, refusals_say_where_what_and_what_was_expected) {
  const std::vector<Refusal> refusals = {
      {"titel: x\n",
       [](const Node& n) {
         n.allow_only({"title", "why"});
       },
       "a.yaml:1:1: 'titel' is no key here, nearest: 'title'; expected one of title, why"},
      {"a: 1\nb: 2\n", [](const Node& n) { n.allow_only({"a"}); }, "a.yaml:2:1: 'b' is no key here"},
      {"[1]\n", [](const Node& n) { n.allow_only({"a"}); }, "a.yaml:1:1: found a list, expected a map with keys a"},
      {"a: 1\n", [](const Node& n) { n.at("b"); }, "a.yaml:1:1: key 'b' is missing"},
      {"a: 1\n", [](const Node& n) { n.at("a").at("b"); }, "a.yaml:1:4: found '1', expected a map with the key 'b'"},
      {"a: {b: 1}\n", [](const Node& n) { n.at("a").text(); }, "a.yaml:1:4: found a map, expected a word or text"},
      {"a: 116\n", [](const Node& n) { n.at("a").measure("V"); },
       "a.yaml:1:4: found '116', expected a number with the unit V"},
      {"a: 116 A\n", [](const Node& n) { n.at("a").measure("V"); },
       "a.yaml:1:4: found '116 A', expected a number with the unit V"},
      {"a: 3 V\n", [](const Node& n) { n.at("a").number(); },
       "a.yaml:1:4: found '3 V', expected a number without a unit"},
      {"a: 1.5\n", [](const Node& n) { n.at("a").integer(); }, "a.yaml:1:4: found '1.5', expected a whole number"},
      {"a: maybe\n", [](const Node& n) { n.at("a").boolean(); }, "a.yaml:1:4: found 'maybe', expected true or false"},
      {"a: 10\n", [](const Node& n) { n.at("a").duration(); }, "a.yaml:1:4: '10' is no duration"},
      {"a: rnning\n",
       [](const Node& n) {
         n.at("a").word({"running", "off"}, "state");
       },
       "a.yaml:1:4: 'rnning' is no state, nearest: 'running'; expected one of running, off"},
      {"a: x\n", [](const Node& n) { n.items(); }, "a.yaml:1:1: found a map, expected a list"},
  };
  for (const auto& [text, act, message] : refusals)
    EXPECT_THAT(refusal(text, act), testing::StartsWith(message)) << text;
}

TEST(Yaml, key_that_stands_twice_is_refused_at_any_depth) {
  const auto nothing = [](const Node&) {};
  EXPECT_EQ(refusal("a: 1\nb: 2\na: 3\n", nothing), "a.yaml:3:1: key 'a' is here twice");
  EXPECT_EQ(refusal("x:\n  - {a: 1, a: 2}\n", nothing), "a.yaml:2:12: key 'a' is here twice");
}

TEST(Yaml, text_that_is_no_yaml_is_refused_with_its_place) {
  EXPECT_THAT(refusal("a: [1, 2\nb: 3\n", [](const Node&) {}), HasSubstr("a.yaml:2:"));
}

TEST(Yaml, file_that_is_missing_is_named) {
  try {
    load_file("/nowhere/b.yaml");
    FAIL();
  } catch (const BadInput& error) {
    EXPECT_THAT(error.what(), HasSubstr("/nowhere/b.yaml: cannot be opened"));
  }
}

}  // namespace
}  // namespace v2x::yaml
