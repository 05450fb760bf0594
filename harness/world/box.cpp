#include "harness/world/box.hpp"

#include <fmt/format.h>

#include <csignal>
#include <fstream>

namespace v2x::world {
namespace {

constexpr std::string_view kCrash = "SIGKILL";  // what a crash at a named point looks like from outside

/// "2026-04-01T12:00:00+09:00 error program: text" (common/log.hpp).
bool is_error_line(const std::string& line) {
  const auto space = line.find(' ');
  return space != std::string::npos && line.compare(space + 1, 6, "error ") == 0;
}

}  // namespace

void Box::launch() {
  client_ = std::make_unique<ControlClient>(context_, options_.control);
  process_ = std::make_unique<Process>(options_.command, options_.logs / (options_.name + ".out"), log());
}

Result<Json> Box::start() {
  launch();
  return call("hello", Json::object(), options_.patience.start);  // the question waits until the box listens
}

Result<Json> Box::call(const std::string& verb, Json arguments, std::optional<std::chrono::milliseconds> deadline) {
  if (!process_) return fail("bench", name() + " is not running");
  const auto gone = [this] { return process_->exited().has_value(); };
  auto answer = client_->call(verb, std::move(arguments), deadline.value_or(options_.patience.call), gone);
  if (answer || (answer.error().code != "deadline" && answer.error().code != "gone")) return answer;
  if (answer.error().code == "gone") process_->wait(options_.patience.stop);  // the connection ends before the process
  if (const auto end = died_unasked()) return fail("bench", *end);
  return fail("bench", name() + ": " + answer.error().message);
}

Status Box::stop() {
  if (!process_) return done();
  if (auto end = died_unasked()) return fail("bench", *end);
  process_->signal(SIGTERM);
  const auto end = process_->wait(options_.patience.stop);
  process_.reset();
  client_.reset();
  if (!end)
    return fail("bench", fmt::format("{} was still there {} ms after SIGTERM", name(), options_.patience.stop.count()));
  if (end->code != 0)
    return fail("bench", fmt::format("{} ended with {} after SIGTERM{}", name(), end->text(), last_words()));
  return done();
}

bool Box::crashed_as_asked() {
  if (!process_) return false;
  const auto end = process_->wait(options_.patience.stop);
  if (!end || !crash_asked_ || end->signal != kCrash) return false;
  process_.reset();
  client_.reset();
  crash_asked_ = false;
  return true;
}

void Box::kill() {
  if (!process_) return;
  process_->signal(SIGKILL);
  process_.reset();
  client_.reset();
}

std::optional<std::string> Box::died_unasked() {
  if (!process_ || !process_->exited() || (crash_asked_ && process_->exited()->signal == kCrash)) return std::nullopt;
  return fmt::format("{} died unasked: {}{}", name(), process_->exited()->text(), last_words());
}

std::vector<std::string> Box::error_lines() const {
  std::vector<std::string> lines;
  std::ifstream in(log());
  for (std::string line; std::getline(in, line);)
    if (is_error_line(line)) lines.push_back(line);
  return lines;
}

std::string Box::last_words() const {
  std::ifstream in(log());
  std::string last;
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) last = line;
  return last.empty() ? "" : "; its last words: " + last;
}

}  // namespace v2x::world
