// Writes a scenario's record.jsonl: contracts/record.md is its contract.
#pragma once

#include <deque>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "common/clock.hpp"

namespace v2x::run {

using Json = nlohmann::json;

/// Belongs to the scenario's thread. Everything is masked on its way out; nothing is written before open().
class Record {
 public:
  /// The file lies in `directory`, and so do pages. Throws BadInput when it can't be written.
  explicit Record(const std::filesystem::path& directory);

  /// A line of `type` at the virtual time `t`; `t` never goes back (see contracts/record.md).
  void line(const std::string& type, Time t, Json members);
  /// A line without a time: scenario, series.
  void line(const std::string& type, Json members);
  /// A step's line, written when it ends: its `t` is when it began.
  void step(Json members);
  /// An event line; its text is kept for explanations, too.
  void event(Time t, Json members);
  /// Text of something that happened, for explanations only.
  void remember(Time t, const std::string& text);
  /// Writes a page's HTML, masked; returns the path for the record.
  std::string page_file(const std::string& html);
  /// Writes a picture of the page that page_file() wrote last; returns the path for the record.
  std::string screenshot_file(int width_px, const std::string& png);

  /// The newest `count` texts, oldest first.
  std::vector<std::string> last_events(size_t count = 5) const;
  const std::filesystem::path& directory() const { return directory_; }

 private:
  std::filesystem::path directory_;
  std::ofstream out_;
  Time newest_{};
  std::deque<std::string> texts_;
  int pages_ = 0;
};

}  // namespace v2x::run
