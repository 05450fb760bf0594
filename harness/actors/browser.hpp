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

/// How a page came to show something new without a hand's doing.
enum class Renewal { none, in_place, reloaded };

/// A page that a person got.
struct View {
  std::string method;
  std::string path;  ///< with query, without host
  int status = 0;
  HtmlPage page{""};
  std::string html;
  std::vector<Screenshot> screenshots;  ///< where they were wanted; none over HTTP
  Renewal renewal = Renewal::none;      ///< of wait_for_renewal()
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
  /// What the shown page does by itself when its time has come, once: over HTTP it is loaded again as it says for
  /// browsers without script (meta refresh); in Chromium its script updates it. Takes no time. Error "page" when it
  /// does nothing.
  virtual Result<View> wait_for_renewal() = 0;
  /// Whether what is shown from now on is photographed; nothing over HTTP.
  virtual void take_pictures(bool /*wanted*/) {}
  /// Photographs what is shown, after the fact: `seen` is told the page again. Nothing over HTTP or without a page.
  virtual void take_picture() {}
  virtual const std::optional<View>& shown() const = 0;
};

/// Path and query of a URL; a path stays as it is.
std::string path_of_url(const std::string& url);

}  // namespace v2x::actors
