// A page as a person sees it: elements by id or XPath, forms as a browser would send them. Parsed by libxml2.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/result.hpp"

namespace v2x::actors {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// What pressing an element would do.
struct Action {
  std::string method;  ///< GET (a link, or a form that says so) or POST
  std::string target;  ///< href or action; empty: the page's own address
  Fields fields;
};

/// Immutable; cheap to copy. Tolerant of what browsers tolerate.
class HtmlPage {
 public:
  explicit HtmlPage(const std::string& html);

  std::string id() const;  ///< <body data-page>
  std::string title() const;
  std::string text() const;  ///< of the whole body, white space collapsed
  /// Text of the first element that `element` ("#status" or an XPath) names; nullopt when there is none.
  std::optional<std::string> text(const std::string& element) const;
  std::optional<std::string> attribute(const std::string& element, const std::string& name) const;
  size_t count(const std::string& element) const;

  /// Follows a link, or fills a form and presses one of its buttons. `fill` names fields of that form: checkboxes take
  /// "yes" and "no", selects a value. An Error tells a person what is not there.
  Result<Action> press(const std::string& element, const Fields& fill) const;

 private:
  struct Document;
  std::shared_ptr<const Document> document_;
};

}  // namespace v2x::actors
