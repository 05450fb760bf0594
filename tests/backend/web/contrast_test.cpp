// Text can be read on what it stands on, by day and by night: WCAG 2.1, 1.4.3 (AA): 4.5:1.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <string>

#include "tests/paths.hpp"

namespace v2x {
namespace {

using Colours = std::map<std::string, std::string>;

/// The custom properties of the stylesheet's N-th `:root` block that are colours.
void read_colours(const std::string& css, int block, Colours& colours) {
  const std::regex root(R"(:root \{([^}]*)\})"), colour(R"(--([\w-]+):\s*#([0-9a-f]{3}(?:[0-9a-f]{3})?);)");
  const std::string text = std::next(std::sregex_iterator(css.begin(), css.end(), root), block)->str(1);
  for (std::sregex_iterator it(text.begin(), text.end(), colour), end; it != end; ++it)
    colours[it->str(1)] = it->str(2);
}

/// Relative luminance of "rgb" or "rrggbb" (WCAG 2.1).
double luminance(const std::string& hex) {
  const double weights[] = {0.2126, 0.7152, 0.0722};
  double sum = 0;
  for (size_t i = 0; i < 3; ++i) {
    const std::string digits = hex.size() == 3 ? std::string(2, hex[i]) : hex.substr(2 * i, 2);
    const double value = std::stoi(digits, nullptr, 16) / 255.0;
    sum += weights[i] * (value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4));
  }
  return sum;
}

double contrast(const std::string& a, const std::string& b) {
  const double first = luminance(a), second = luminance(b);
  return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

void expect_readable(const Colours& colours, const std::string& text, const std::string& ground) {
  EXPECT_GE(contrast(colours.at(text), colours.at(ground)), 4.5) << text << " on " << ground;
}

TEST(Contrast, IsEnoughByDayAndByNight) {
  std::ifstream in(in_sources("backend/web/static/v2x.css"));
  const std::string css{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  Colours colours;
  for (const char* scheme : {"light", "dark"}) {
    SCOPED_TRACE(scheme);
    read_colours(css, scheme == std::string("dark") ? 1 : 0, colours);
    for (const char* text : {"text", "quiet", "action-text", "error", "caution", "good", "pv", "load", "ev", "sell", "buy"})
      for (const char* ground : {"ground", "card", "band"}) expect_readable(colours, text, ground);
    for (const char* word : {"error", "caution", "good"}) expect_readable(colours, word, std::string(word) + "-ground");
    expect_readable(colours, "on-action", "action");
    expect_readable(colours, "ground", "error");  // .required
  }
}

}  // namespace
}  // namespace v2x
