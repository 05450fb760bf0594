// A browser without the picture: cookies, redirects, forms. Fast; the default of scenarios.
#pragma once

#include <map>
#include <string>

#include "harness/actors/browser.hpp"

namespace v2x::actors {

/// Speaks HTTP to 127.0.0.1:`port`; follows 303 as a browser does; runs no scripts.
class HttpBrowser : public Browser {
 public:
  /// `address` goes out as X-Forwarded-For: each person sits behind an address of their own. `seen` is told each page.
  HttpBrowser(int port, std::string address, Seen seen);

  Result<View> open(const std::string& path_or_url) override;
  Result<View> press(const std::string& element, const Fields& fill = {}) override;
  /// Shows the page as it was, without asking the server, as browsers do.
  Result<View> back() override;
  Result<View> wait_for_renewal() override;
  const std::optional<View>& shown() const override { return shown_; }

 private:
  struct Answer {
    int status = 0;
    std::string location;
    std::string body;  ///< of a file to download: the page that shows it
  };
  /// A renewed page takes the place of the shown one; any other comes after it.
  Result<View> go(std::string method, std::string path, const Fields& fields, Renewal renewal = Renewal::none);
  Result<Answer> request(const std::string& method, const std::string& path, const Fields& fields);
  std::string cookie_header() const;
  void keep_cookie(const std::string& set_cookie);

  int port_;
  std::string address_;
  Seen seen_;
  std::map<std::string, std::string> cookies_;
  std::optional<View> shown_;
  std::vector<View> earlier_;  ///< pages before the one that is shown
};

}  // namespace v2x::actors
