// What the page of a bench shows of its facts.
#include "reports/bench_page.hpp"

#include <gmock/gmock.h>

namespace v2x::reports {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

json some_facts() {
  const json times{{"p50", 6.783}, {"p90", 7.5}, {"p99", 36.1}, {"p99_9", 40.0}, {"max", 1976.4}, {"count", 599}};
  const json one{{"ratio", 0.6449}, {"low", 0.6}, {"high", 0.7}};
  json ratio = one;
  ratio["against"] = "sqlite-raw";
  ratio["per_cpu_s"] = one;
  return {{"bench", "ingest"},
          {"shape", "steady"},
          {"at", "2026-11-28T06:33:23.542540+09:00"},
          {"store", "sqlite"},
          {"verdict", "ok"},
          {"gateways", 50},
          {"achieved_per_s", 45954.0},
          {"service_rss_max_bytes", 38109184},
          {"ack_ms", times},
          {"visible_ms", {{"count", 0}}},
          {"processes", {{"service", {{"cpu_s", 4.9}, {"rss_bytes", 159e6}, {"busiest_thread", "ingest"}}}}},
          {"audit", {{"clean", true}, {"first_finding", ""}}},
          {"ratios", {ratio}},
          {"missed", json::array()}};
}

TEST(BenchPage, says_figures_with_their_units) {
  const std::string page = bench_page(some_facts());
  for (const char* text : {"45,954", "38.1 MB", "159.0 MB", "1,976<", "2026-11-28T06:33:23<", "p99.9", "sqlite-raw",
                           "0.645", "0.6 … 0.7"})
    EXPECT_THAT(page, HasSubstr(text));
}

TEST(BenchPage, leaves_out_what_was_not_measured) {
  const std::string page = bench_page(some_facts());
  for (const char* text : {"visible after", "first_finding", "再起動", "各回"}) EXPECT_THAT(page, Not(HasSubstr(text)));
}

TEST(BenchPage, shows_what_was_missed) {
  json facts = some_facts();
  facts["missed"] = {"achieved_per_s is 900, required at least 1000"};
  EXPECT_THAT(bench_page(facts), HasSubstr("achieved_per_s is 900, required at least 1000"));
}

}  // namespace
}  // namespace v2x::reports
