#include "harness/run/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "common/jst.hpp"
#include "common/units.hpp"
#include "harness/run/mask.hpp"

namespace v2x::run {
namespace {

bool set(const char* variable) {
  const char* value = std::getenv(variable);
  return value && *value;
}

const char* colour_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed:
      return "\033[32m";
    case Outcome::failed:
      return "\033[31m";
    case Outcome::skipped:
      return "\033[33m";
    case Outcome::error:
      break;
  }
  return "\033[35m";
}

}  // namespace

Progress::Progress(std::FILE* out, size_t total)
    : out_(out),
      total_(total),
      live_(isatty(fileno(out)) && !set("CI")),
      colour_(isatty(fileno(out)) && !set("NO_COLOR")) {}

void Progress::moved(const std::string& name, Time start, Time now, SteadyTime began) {
  const std::lock_guard lock(mutex_);
  const double wall = std::chrono::duration<double>(steady_now() - began).count();
  const double speed = wall > 0 ? to_seconds(now - start) / wall : 0;
  now_[name] = fmt::format("{} {} ×{:.0f}", name, format_jst(now, "%m-%d %H:%M:%S"), speed);
  if (live_) draw_live();
}

void Progress::finished(const ScenarioResult& result) {
  const std::lock_guard lock(mutex_);
  ++done_;
  now_.erase(result.name);
  if (live_) clear_live();
  const std::string word = fmt::format("{:<7}", to_string(result.outcome));
  fmt::print(out_, "{} {} ({:.1f} s): {}\n", colour_ ? colour_of(result.outcome) + word + "\033[0m" : word, result.name,
             result.elapsed_s, mask(result.sentence));
  if (result.outcome == Outcome::failed || result.outcome == Outcome::error) explain(result);
  if (!result.scratch.empty()) fmt::print(out_, "        kept: {}\n", result.scratch);
  if (live_) draw_live();
  std::fflush(out_);
}

void Progress::explain(const ScenarioResult& result) {
  for (const std::string& event : result.last_events) fmt::print(out_, "        before: {}\n", event);
  if (!result.reproduce.empty()) fmt::print(out_, "        repeat: {}\n", result.reproduce);
}

void Progress::clear_live() {
  fmt::print(out_, "\r\033[K");
}

void Progress::draw_live() {
  clear_live();
  std::string line = fmt::format("{}/{}", done_, total_);
  for (const auto& [name, text] : now_) line += "  " + text;
  fmt::print(out_, "{}", line);
  std::fflush(out_);
}

}  // namespace v2x::run
