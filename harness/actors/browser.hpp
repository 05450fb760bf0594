// What a person acts through: opens pages, fills forms, presses buttons. Over HTTP, or a Chromium that paints.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/result.hpp"
#include "harness/actors/html_page.hpp"

namespace v2x::actors {

struct Screenshot {
  int width_px = 0;
  std::string png;
};

/// A page that a person got.
struct View {
  std::string method;
  std::string path;  ///< with query, without host
  int status = 0;
  HtmlPage page{""};
  std::string html;
  std::vector<Screenshot> screenshots;  ///< none over HTTP
};

/// One person's, with cookies of its own. Belongs to one thread. Errors: "page" when the page can't be used so, "http"
/// when no answer came, "bench" when the browser itself is broken.
class Browser {
 public:
  using Seen = std::function<void(const View&)>;

  virtual ~Browser() = default;
  /// Opens a path or a URL; of a URL only path and query count, as all sites live on one port.
  virtual Result<View> open(const std::string& path_or_url) = 0;
  /// Fills the form that `element` belongs to and presses it; or follows it, when it is a link. `fill` names fields:
  /// checkboxes take "yes" and "no", lists a value.
  virtual Result<View> press(const std::string& element, const Fields& fill = {}) = 0;
  /// To the page before the one that is shown.
  virtual Result<View> back() = 0;
  virtual const std::optional<View>& shown() const = 0;
};

/// Path and query of a URL; a path stays as it is.
std::string path_of_url(const std::string& url);

}  // namespace v2x::actors
