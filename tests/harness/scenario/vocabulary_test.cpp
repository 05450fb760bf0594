// The vocabulary table holds what it says about itself.
#include "harness/scenario/vocabulary.hpp"

#include <gmock/gmock.h>

#include <set>

#include "tests/harness/scenario/temporary_scenarios.hpp"
#include "tests/paths.hpp"

namespace v2x::scenario {
namespace {

using Vocabulary = TemporaryScenarios;

TEST_F(Vocabulary, EveryExampleIsAGoodStep) {
  for (const Verb& verb : vocabulary())
    EXPECT_EQ(refusal(head() + "  - " + verb.example + "\n"), "accepted") << verb.name;
}

TEST_F(Vocabulary, EveryVerbHasItsOwnNameAndAHelp) {
  std::set<std::string> names;
  for (const Verb& verb : vocabulary()) {
    EXPECT_TRUE(names.insert(verb.name).second) << verb.name;
    EXPECT_FALSE(verb.help.empty()) << verb.name;
    EXPECT_NE(describe_vocabulary().find(verb.example), std::string::npos) << verb.name;
  }
}

TEST_F(Vocabulary, PagesHaveTheirOwnNamesAndIds) {
  std::set<std::string> names;
  std::set<std::string> ids;
  for (const PageName& page : pages()) {
    EXPECT_TRUE(names.insert(page.name).second) << page.name;
    EXPECT_TRUE(ids.insert(page.id).second) << page.id;
    for (const PageTotal& total : page.totals) EXPECT_NE(page.element(total.label), nullptr) << total.label;
  }
}

TEST_F(Vocabulary, ConditionsHoldAsTheirWordsSay) {
  const Condition below{"p", {{"below", 30.0}}, "", "%"};
  EXPECT_TRUE(below.holds(29.9));
  EXPECT_FALSE(below.holds(30.0));
  EXPECT_FALSE(below.holds(nullptr));
  const Condition near{"p", {{"near", 10.0}, {"by", 0.5}}, "", "V"};
  EXPECT_TRUE(near.holds(10.5));
  EXPECT_FALSE(near.holds(10.6));
  const Condition is{"p", {{"is", "running"}}, "", ""};
  EXPECT_TRUE(is.holds("running"));
  EXPECT_FALSE(is.holds("fault"));
}

TEST_F(Vocabulary, ShippedScenariosAreGood) {
  std::filesystem::current_path(in_sources());
  const auto catalogue = contracts::QuantityCatalogue::load();
  for (const auto& file : find_scenarios({"scenarios"})) EXPECT_NO_THROW(load_scenario(file, catalogue)) << file;
}

}  // namespace
}  // namespace v2x::scenario
