#include "common/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "common/jst.hpp"

namespace v2x::log {
namespace {

struct Sink {
  std::string program = "test";
  const Clock* clock = nullptr;
  std::shared_ptr<spdlog::logger> logger;

  Sink() : logger(spdlog::stderr_logger_mt("v2x")) {
    logger->set_pattern("%v");
    logger->set_level(spdlog::level::warn);
    logger->flush_on(spdlog::level::trace);
  }
};

Sink& sink() {
  static Sink instance;
  return instance;
}

spdlog::level::level_enum native(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      break;
  }
  return spdlog::level::err;
}

constexpr std::string_view name(Level level) {
  switch (level) {
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warning:
      return "warning";
    case Level::error:
      break;
  }
  return "error";
}

}  // namespace

void start(std::string program, const Clock& clock, Level least) {
  sink().program = std::move(program);
  sink().clock = &clock;
  sink().logger->set_level(native(least));
}

void write(Level level, std::string_view text) {
  Sink& out = sink();
  if (!out.logger->should_log(native(level))) return;
  const std::string time = out.clock ? format_time(out.clock->now()) : std::string("-");
  out.logger->log(native(level), "{} {} {}: {}", time, name(level), out.program, text);
}

}  // namespace v2x::log
