// A file that a page lets people download, shown as a page: name, kind, marks and lines, as an editor would show it.
#pragma once

#include <string>

namespace v2x::actors {

/// As the answer brought it.
struct DownloadedFile {
  std::string name;
  std::string type;  ///< Content-Type
  std::string bytes;
};

/// The name in a Content-Disposition that says attachment; empty when it says something else.
std::string attachment_name(const std::string& disposition);

/// HTML of page "file": the name as heading, #type, #byte-order-mark (yes, no), #line-ends (CRLF, LF, mixed, none),
/// #lines (their number), and the lines in #content, each a paragraph.
std::string page_of_file(const DownloadedFile& file);

}  // namespace v2x::actors
