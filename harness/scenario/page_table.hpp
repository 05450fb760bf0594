// The one table of page names and labels that scenarios use: name → page id, path, elements, fields.
#pragma once

#include <string>
#include <vector>

namespace v2x::scenario {

struct PageLabel {
  std::string label;    ///< "状態"
  std::string element;  ///< "#status", or an XPath; {gw} stands for the gateway's ID
};

/// A figure of the home page that the physics knows, too.
struct PageTotal {
  std::string label;  ///< "本日の発電量"
  std::string truth;  ///< member of the control verb `truth`
};

struct PageName {
  std::string name;         ///< "monitoring home"
  std::string id;           ///< data-page: "M02"
  std::string path;         ///< "/ctrl/home"
  bool of_gateway = false;  ///< takes ?gw=
  std::vector<PageLabel> labels;
  std::vector<std::string> fields;  ///< names of what can be filled in, of all its forms
  std::vector<PageTotal> totals;
  std::string of_day{};  ///< query by which it shows a whole day, {date} in it; empty: its totals are of today so far

  const std::string* element(const std::string& label) const;
  std::vector<std::string> label_names() const;
  bool has_field(const std::string& field) const;
};

const std::vector<PageName>& pages();
const PageName* find_page(const std::string& name);
/// By the service's own id: "R02". nullptr when the table lacks it.
const PageName* find_page_by_id(const std::string& id);
std::vector<std::string> page_names();

}  // namespace v2x::scenario
