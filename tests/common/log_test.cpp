#include "common/log.hpp"

#include <gtest/gtest.h>

#include "common/jst.hpp"

namespace v2x {
namespace {

const SteppedClock kClock(*parse_time("2026-04-01T12:00:00.5"));

std::string captured(auto act) {
  testing::internal::CaptureStderr();
  act();
  return testing::internal::GetCapturedStderr();
}

TEST(Log, line_has_service_time_level_program_and_text) {
  log::start("backend", kClock);
  EXPECT_EQ(captured([] { log::error("stream {} has a gap", 7); }),
            "2026-04-01T12:00:00.500000+09:00 error backend: stream 7 has a gap\n");
  EXPECT_EQ(captured([] { log::warning("{}", "late"); }), "2026-04-01T12:00:00.500000+09:00 warning backend: late\n");
}

TEST(Log, what_is_below_the_least_level_is_not_written) {
  log::start("backend", kClock, log::Level::info);
  EXPECT_EQ(captured([] { log::debug("noise"); }), "");
  EXPECT_NE(captured([] { log::info("ready"); }), "");
  log::start("backend", kClock, log::Level::debug);
  EXPECT_NE(captured([] { log::debug("noise"); }), "");
}

}  // namespace
}  // namespace v2x
