// A person's browser, without the picture: cookies, redirects, forms.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "common/result.hpp"
#include "harness/actors/html_page.hpp"

namespace v2x::actors {

/// A page that a person got.
struct View {
  std::string method;
  std::string path;  ///< with query, without host
  int status = 0;
  HtmlPage page{""};
  std::string html;
};

/// One person's. Speaks HTTP to 127.0.0.1:`port`; follows 303 as a browser does. Belongs to one thread.
class Browser {
 public:
  using Seen = std::function<void(const View&)>;

  /// `address` goes out as X-Forwarded-For: each person sits behind an address of their own. `seen` is told each page.
  Browser(int port, std::string address, Seen seen);

  /// Opens a path or a URL; of a URL only path and query count, as all sites live on one port.
  Result<View> open(const std::string& path_or_url);
  /// Presses an element of the page that is shown (see HtmlPage::press).
  Result<View> press(const std::string& element, const Fields& fill = {});
  const std::optional<View>& shown() const { return shown_; }

 private:
  struct Answer {
    int status = 0;
    std::string location;
    std::string body;
  };
  Result<View> go(std::string method, std::string path, const Fields& fields);
  Result<Answer> request(const std::string& method, const std::string& path, const Fields& fields);
  std::string cookie_header() const;
  void keep_cookie(const std::string& set_cookie);

  int port_;
  std::string address_;
  Seen seen_;
  std::map<std::string, std::string> cookies_;
  std::optional<View> shown_;
};

}  // namespace v2x::actors
