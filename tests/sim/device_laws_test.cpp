// Each law of the devices is a test with that law as its name, and each code that a PCS detects is in a scenario.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include "common/yaml.hpp"
#include "contracts/fault_catalogue.hpp"
#include "tests/paths.hpp"

namespace v2x {
namespace {

namespace fs = std::filesystem;

constexpr int kLaws = 28;
constexpr int kOfTheGateway = 22;  // the tables of its energy manager

/// Numbers of the laws that tests are named after: "…, DEV_07_a_high_source_…".
std::set<int> tested_laws() {
  const std::regex law(R"(^TEST(_F|_P)?\(.*\bDEV_(\d\d))");
  std::set<int> found;
  for (const auto& entry : fs::recursive_directory_iterator(in_sources("tests/sim"))) {
    if (entry.path().extension() != ".cpp") continue;
    std::ifstream in(entry.path());
    std::smatch match;
    for (std::string line; std::getline(in, line);)
      if (std::regex_search(line, match, law)) found.insert(std::stoi(match[2]));
  }
  return found;
}

std::set<std::string> covered_by_scenarios() {
  std::set<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(in_sources("scenarios"))) {
    if (entry.path().extension() != ".yaml") continue;
    const yaml::Node file = yaml::load_file(entry.path());
    if (!file.has("covers")) continue;  // a world
    for (const yaml::Node& id : file.at("covers").items()) found.insert(id.text());
  }
  return found;
}

TEST(DeviceLaws, EachIsTheNameOfATest) {
  const std::set<int> tested = tested_laws();
  for (int law = 1; law <= kLaws; ++law) {
    if (law != kOfTheGateway) {
      EXPECT_TRUE(tested.contains(law)) << fmt::format("no test is named after DEV-{:02}", law);
    }
  }
}

TEST(DeviceLaws, EachCodeThatAPcsDetectsIsInAScenario) {
  const std::set<std::string> covered = covered_by_scenarios();
  for (const contracts::Fault& fault : contracts::FaultCatalogue::load().all()) {
    if (fault.detected_by == "pcs") {
      EXPECT_TRUE(covered.contains(fault.code)) << "no scenario covers " << fault.code;
    }
  }
}

}  // namespace
}  // namespace v2x
