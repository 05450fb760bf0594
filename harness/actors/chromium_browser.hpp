// A browser that paints: Chromium by WebDriver. It types and presses as a person does, and photographs what it shows.
#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "harness/actors/browser.hpp"
#include "harness/actors/web_driver.hpp"

namespace v2x::actors {

/// Timers of pages don't run: service time stands still while a person looks, so a page must not act by the wall clock.
class ChromiumBrowser : public Browser {
 public:
  struct Options {
    int site_port = 0;    ///< of the service, on 127.0.0.1
    int driver_port = 0;  ///< of chromedriver
    std::filesystem::path profile;
    std::string address;  ///< goes out as X-Forwarded-For
  };
  /// Chromium starts with the first page. `seen` is told each page.
  ChromiumBrowser(Options options, Seen seen);

  Result<View> open(const std::string& path_or_url) override;
  Result<View> press(const std::string& element, const Fields& fill = {}) override;
  Result<View> back() override;
  const std::optional<View>& shown() const override { return shown_; }

 private:
  Status start();
  std::string url_of(const std::string& path) const;
  Status fill_in(const std::string& element, const std::string& name, const std::string& text);
  /// Waits until the pressed page has given way to the next one.
  Status wait_for_next_page();
  /// What is shown now. `method`: how it was asked for, when no redirect came between.
  Result<View> look(const std::string& method);
  /// Takes pictures of what wasn't shown yet: another page, status or error. A page too wide for its screen is an
  /// Error.
  Status photograph(View& view);
  Result<Screenshot> photograph(int width_px);
  Status set_screen(int width_px, int height_px);

  Options options_;
  Seen seen_;
  std::unique_ptr<WebDriver> driver_;
  std::optional<View> shown_;
  std::set<std::string> photographed_;
};

}  // namespace v2x::actors
