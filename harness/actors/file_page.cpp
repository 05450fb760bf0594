#include "harness/actors/file_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace v2x::actors {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else
      out += c;
  }
  return out;
}

struct Lines {
  std::vector<std::string_view> all;
  size_t ended = 0;    ///< how many of them end at all
  size_t with_cr = 0;  ///< how many of them end in CRLF
};

Lines lines_of(std::string_view text) {
  Lines lines;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    if (end < text.size()) ++lines.ended;
    if (end < text.size() && line.ends_with('\r')) {
      ++lines.with_cr;
      line.remove_suffix(1);
    }
    lines.all.push_back(line);
    begin = end + 1;
  }
  return lines;
}

const char* line_ends(const Lines& lines) {
  if (lines.ended == 0) return "none";
  if (lines.ended == lines.all.size() && lines.with_cr == lines.ended) return "CRLF";
  return lines.ended == lines.all.size() && lines.with_cr == 0 ? "LF" : "mixed";
}

}  // namespace

std::string attachment_name(const std::string& disposition) {
  const std::string mark = "filename=\"";
  const size_t begin = disposition.find(mark);
  if (!disposition.starts_with("attachment") || begin == std::string::npos) return {};
  const size_t name = begin + mark.size();
  return disposition.substr(name, disposition.find('"', name) - name);
}

std::string page_of_file(const DownloadedFile& file) {
  std::string_view text = file.bytes;
  const bool marked = text.starts_with(kByteOrderMark);
  if (marked) text.remove_prefix(kByteOrderMark.size());
  const Lines lines = lines_of(text);
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>{0}</title></head><body "
      "data-page=\"file\"><h1>{0}</h1>\n"
      "<p id=\"type\">{1}</p><p id=\"byte-order-mark\">{2}</p><p id=\"line-ends\">{3}</p><p id=\"lines\">{4}</p>\n"
      "<div id=\"content\">\n",
      escaped(file.name), escaped(file.type), marked ? "yes" : "no", line_ends(lines), lines.all.size());
  for (const std::string_view line : lines.all) html += "<p>" + escaped(line) + "</p>\n";
  return html + "</div></body></html>\n";
}

}  // namespace v2x::actors
