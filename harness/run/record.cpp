#include "harness/run/record.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/bad_input.hpp"
#include "common/jst.hpp"
#include "harness/run/mask.hpp"

namespace v2x::run {
namespace {

constexpr size_t kRemembered = 50;

}  // namespace

Record::Record(const std::filesystem::path& directory) : directory_(directory) {
  std::filesystem::create_directories(directory);
  out_.open(directory / "record.jsonl", std::ios::trunc);
  if (!out_)
    throw BadInput((directory / "record.jsonl").string() + ": cannot be written, expected a place for results");
}

void Record::line(const std::string& type, Time t, Json members) {
  newest_ = std::max(newest_, t);
  members["t"] = format_time(newest_);
  line(type, std::move(members));
}

void Record::line(const std::string& type, Json members) {
  members["type"] = type;
  mask(members);
  out_ << members.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n" << std::flush;
}

void Record::step(Json members) {
  line("step", std::move(members));
}

void Record::event(Time t, Json members) {
  remember(t, members.value("who", "") + ": " + members.value("text", members.value("what", "")));
  line("event", t, std::move(members));
}

void Record::remember(Time t, const std::string& text) {
  texts_.push_back(format_jst(t, "%m-%d %H:%M:%S ") + text);
  if (texts_.size() > kRemembered) texts_.pop_front();
}

std::string Record::page_file(const std::string& html) {
  const std::string name = fmt::format("pages/{:03}.html", ++pages_);
  std::filesystem::create_directories(directory_ / "pages");
  std::ofstream(directory_ / name) << mask(html);
  return name;
}

std::string Record::screenshot_file(int width_px, const std::string& png) {
  const std::string name = fmt::format("pages/{:03}-{}.png", pages_, width_px);
  std::ofstream(directory_ / name, std::ios::binary) << png;
  return name;
}

std::vector<std::string> Record::last_events(size_t count) const {
  return {texts_.end() - static_cast<std::ptrdiff_t>(std::min(count, texts_.size())), texts_.end()};
}

}  // namespace v2x::run
