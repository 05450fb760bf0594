// A browser that paints: Chromium by WebDriver. It types and presses as a person does, and photographs where it shall.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>

#include "harness/actors/browser.hpp"
#include "harness/actors/chromium_pool.hpp"

namespace v2x::actors {

/// Timers of pages wait: service time stands still while a person looks, so a page must not act by the wall clock. They
/// run in wait_for_renewal() alone.
class ChromiumBrowser : public Browser {
 public:
  struct Options {
    int site_port = 0;              ///< of the service, on 127.0.0.1
    std::string address;            ///< goes out as X-Forwarded-For
    bool pictures_of_news = false;  ///< photographs each page, status or error that it has not shown before
  };
  /// `chromiums` lends one with the first page and gets it back in the end; it must live longer. `seen` is told each
  /// page.
  ChromiumBrowser(ChromiumPool& chromiums, Options options, Seen seen);
  ~ChromiumBrowser() override;

  Result<View> open(const std::string& path_or_url) override;
  Result<View> press(const std::string& element, const Fields& fill = {}) override;
  Result<View> back() override;
  Result<View> wait_for_renewal() override;
  void take_pictures(bool wanted) override { pictures_ = wanted; }
  void take_picture() override;
  const std::optional<View>& shown() const override { return shown_; }

 private:
  Status start();
  std::string origin() const;
  Status fill_in(const std::string& element, const std::string& name, const std::string& text);
  /// Waits until the pressed page has given way to the next one.
  Status wait_for_next_page();
  /// Waits until the page has its answers and has done with them, or has given way to another one.
  Result<Renewal> wait_for_end_of_round();
  /// What is shown now. `method`: how it was asked for, when no redirect came between.
  Result<View> look(const std::string& method, Renewal renewal = Renewal::none);
  /// What wasn't shown yet (another page, status or error) must fit a phone's screen and a PC's, else it is an Error.
  /// Takes pictures of it where they are wanted.
  Status inspect(View& view);
  /// The height that the page takes on a screen of this width; an Error when it must be scrolled sideways.
  Result<int> lay_out(int width_px);
  Result<Screenshot> photograph(int width_px, int height_px);
  Status set_screen(int width_px, int height_px);

  ChromiumPool& chromiums_;
  Options options_;
  Seen seen_;
  bool pictures_ = false;
  std::unique_ptr<WebDriver> driver_;
  std::optional<View> shown_;
  std::set<std::string> sights_;   ///< pages, statuses and errors that were inspected
  std::pair<int, int> screen_px_;  ///< width and height; 0: as Chromium came
};

}  // namespace v2x::actors
