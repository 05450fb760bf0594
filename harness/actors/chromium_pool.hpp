// Chromiums that people use one after the other: starting one costs as much as a dozen pages.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "common/result.hpp"
#include "harness/actors/web_driver.hpp"

namespace v2x::actors {

/// Belongs to one thread. Errors: "bench" when Chromium is broken.
class ChromiumPool {
 public:
  /// `driver_port`: of chromedriver on 127.0.0.1. `profiles` gets a directory for each Chromium.
  ChromiumPool(int driver_port, std::filesystem::path profiles);

  /// A Chromium as if it had just been installed: nothing of whoever had it before is left in it. Its pages' time
  /// stands still (page_scripts.hpp). Started when all are lent out.
  Result<std::unique_ptr<WebDriver>> take();
  /// From where somebody acted on the service at `origin` ("http://127.0.0.1:8080"). One that can't be cleared ends.
  void give_back(std::unique_ptr<WebDriver> chromium, const std::string& origin);
  /// Ends all that aren't lent out: their chromedriver is going.
  void clear() { free_.clear(); }

 private:
  Result<std::unique_ptr<WebDriver>> start();

  int driver_port_;
  std::filesystem::path profiles_;
  int started_ = 0;
  std::vector<std::unique_ptr<WebDriver>> free_;
};

}  // namespace v2x::actors
