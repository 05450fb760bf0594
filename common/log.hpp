// Logs: one line per happening, stamped with service time. Personal data, passwords and tokens never go in here.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "common/clock.hpp"

namespace v2x::log {

enum class Level { debug, info, warning, error };

/// Lines go to stderr as "2026-04-01T12:00:00.123+09:00 error program: text". `clock` must outlive all logging.
/// Thread-safe after the call. Without it (in tests) warnings and errors are printed with machine time.
void start(std::string program, const Clock& clock, Level least = Level::info);
void write(Level level, std::string_view text);

template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::debug, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::info, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::warning, fmt::format(format, std::forward<Args>(args)...));
}
/// An error line is a finding: a scenario that doesn't expect it fails.
template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::error, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace v2x::log
