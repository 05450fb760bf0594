// What Prometheus reads.
#include "backend/ingest/metrics_text.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace v2x::ingest {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(Metrics, CountersGaugesAndHistogramsAreText) {
  Counters counters;
  counters.frames = 7;
  counters.queued_frames = 3;
  counters.refused("protobuf");
  counters.refused("protobuf");
  counters.refused("stamp");
  counters.commit_s.observe(0.004);
  counters.commit_s.observe(7);
  counters.commit_records.observe(512);
  EXPECT_THAT(metrics_text(counters),
              AllOf(HasSubstr("# TYPE v2x_ingest_frames_total counter\nv2x_ingest_frames_total 7\n"),
                    HasSubstr("# TYPE v2x_ingest_queue_frames gauge\nv2x_ingest_queue_frames 3\n"),
                    HasSubstr("v2x_ingest_refusals_total{reason=\"protobuf\"} 2\n"),
                    HasSubstr("v2x_ingest_refusals_total{reason=\"stamp\"} 1\n"),
                    HasSubstr("v2x_ingest_commit_seconds_bucket{le=\"0.002\"} 0\n"),
                    HasSubstr("v2x_ingest_commit_seconds_bucket{le=\"0.005\"} 1\n"),
                    HasSubstr("v2x_ingest_commit_seconds_bucket{le=\"+Inf\"} 2\n"),
                    HasSubstr("v2x_ingest_commit_seconds_sum 7.004\nv2x_ingest_commit_seconds_count 2\n"),
                    HasSubstr("v2x_ingest_commit_records_bucket{le=\"256\"} 0\n"),
                    HasSubstr("v2x_ingest_commit_records_bucket{le=\"1024\"} 1\n")));
}

TEST(Metrics, EveryLineIsAValueOrSaysWhatOneIs) {
  std::istringstream lines(metrics_text(Counters{}));
  for (std::string line; std::getline(lines, line);)
    EXPECT_TRUE(line.starts_with("# HELP v2x_ingest_") || line.starts_with("# TYPE v2x_ingest_") ||
                line.starts_with("v2x_ingest_"))
        << line;
}

}  // namespace
}  // namespace v2x::ingest
