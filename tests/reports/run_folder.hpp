// A copy of the hand-made run in tests/reports/data, in a folder of its own that goes away with the object.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/paths.hpp"

namespace v2x::reports {

class RunFolder {
 public:
  RunFolder() : root_(std::filesystem::path(testing::TempDir()) / ("reports-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(root_);
    const std::filesystem::path data = in_sources("tests/reports/data");
    std::filesystem::copy(data, root_, std::filesystem::copy_options::recursive);
  }
  ~RunFolder() { std::filesystem::remove_all(root_); }
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  std::filesystem::path results() const { return root_; }
  std::filesystem::path run() const { return root_ / "20260402T030000-42"; }

  static std::string read(const std::filesystem::path& path) {
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  static void write(const std::filesystem::path& path, const std::string& text) { std::ofstream(path) << text; }

 private:
  std::filesystem::path root_;
};

}  // namespace v2x::reports
