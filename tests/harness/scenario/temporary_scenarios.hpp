// A folder with worlds and one scenario, for tests of the loader.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "contracts/quantity_catalogue.hpp"
#include "harness/scenario/loader.hpp"
#include "tests/paths.hpp"

namespace v2x::scenario {

/// Lives as long as the test; the working directory is its folder, so that names in messages are short.
class TemporaryScenarios : public testing::Test {
 protected:
  TemporaryScenarios()
      : folder_(std::filesystem::path(testing::TempDir()) / ("scenarios-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_ / "scenarios/worlds");
    for (const char* world : {"home.yaml", "home_linked.yaml", "home_registered.yaml"})
      std::filesystem::copy_file(in_sources(std::string("scenarios/worlds/") + world),
                                 folder_ / "scenarios/worlds" / world);
    std::filesystem::current_path(folder_);
  }
  ~TemporaryScenarios() override {
    std::filesystem::current_path("/");
    std::filesystem::remove_all(folder_);
  }

  static std::string head() {
    return "title: 題\nwhy: because\ncovers: [ALARM-03]\ntags: [faults]\nworld: home_linked\nstart: "
           "2026-04-01T12:00:00+09:00\nsteps:\n";
  }
  static std::vector<Scenario> load(const std::string& text) {
    std::ofstream("scenarios/x.yaml") << text;
    return load_scenario("scenarios/x.yaml", contracts::QuantityCatalogue::load());
  }
  /// The message that refuses `text`; "accepted" when nothing does.
  static std::string refusal(const std::string& text) {
    try {
      load(text);
      return "accepted";
    } catch (const BadInput& error) {
      return error.what();
    }
  }

  std::filesystem::path folder_;
};

}  // namespace v2x::scenario
