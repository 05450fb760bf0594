// What a bench computes from what it saw: quantiles, ratios, thresholds, the audit.
#include <gtest/gtest.h>

#include <cmath>

#include "common/bad_input.hpp"
#include "harness/bench/audit.hpp"
#include "harness/bench/latency.hpp"
#include "harness/bench/ratio.hpp"
#include "harness/bench/requirement.hpp"

namespace v2x::bench {
namespace {

using nlohmann::json;
using std::chrono::microseconds;

TEST(Latency, quantiles_are_exact_to_a_bucket) {
  LatencyHistogram histogram;
  for (int us = 1; us <= 100'000; ++us) histogram.record(microseconds(us));
  EXPECT_EQ(histogram.count(), 100'000u);
  for (const double share : {0.01, 0.5, 0.9, 0.99, 0.999})
    EXPECT_NEAR(histogram.quantile_ms(share), share * 100, share * 100 * 0.016) << share;
  EXPECT_DOUBLE_EQ(histogram.quantile_ms(1), 100);
  EXPECT_DOUBLE_EQ(histogram.max_ms(), 100);
}

TEST(Latency, extremes_have_a_place) {
  LatencyHistogram histogram;
  histogram.record(microseconds(-5));
  histogram.record(microseconds(0));
  histogram.record(std::chrono::hours(100));
  EXPECT_EQ(histogram.quantile_ms(0.5), 0);
  EXPECT_EQ(histogram.count(), 3u);
  EXPECT_EQ(LatencyHistogram().quantile_ms(0.99), 0);
}

TEST(Latency, one_can_be_added_to_another) {
  LatencyHistogram one, other;
  one.record(microseconds(10), 99);
  other.record(microseconds(5000));
  one.add(other);
  EXPECT_EQ(one.count(), 100u);
  EXPECT_DOUBLE_EQ(one.quantile_ms(0.99), 0.010);
  EXPECT_DOUBLE_EQ(one.quantile_ms(1), 5.0);
}

TEST(Ratio, interval_holds_the_mean_and_knows_its_scatter) {
  const Ratio same = ratio_of_pairs({200, 400, 800}, {100, 200, 400});
  EXPECT_NEAR(same.mean, 2, 1e-9);
  EXPECT_NEAR(same.low, 2, 1e-9);
  // log ratios ±ln 2 around 0, n = 2, t(1) = 12.706: e^(12.706 · ln 2 · √2 / √2).
  const Ratio wide = ratio_of_pairs({200, 50}, {100, 100});
  EXPECT_NEAR(wide.mean, 1, 1e-9);
  EXPECT_NEAR(std::log(wide.high), 12.706 * std::log(2), 1e-6);
  EXPECT_TRUE(std::isinf(ratio_of_pairs({1}, {2}).high));
}

TEST(Ratio, median_of_even_and_odd) {
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({4, 1, 2, 3}), 2.5);
}

TEST(Requirement, holds_or_says_what_it_found) {
  const json facts{{"achieved_per_s", 900.0},
                   {"ack_ms", {{"p99", 12.5}}},
                   {"ratios", {{{"against", "sqlite-raw"}, {"ratio", 0.7}}}}};
  EXPECT_EQ(parse_requirement("ack_ms.p99<=12.5").miss(facts), "");
  EXPECT_EQ(parse_requirement("ratios.sqlite-raw>=0.65").miss(facts), "");
  EXPECT_EQ(parse_requirement("achieved_per_s>=1000").miss(facts), "achieved_per_s is 900, required at least 1000");
  EXPECT_EQ(parse_requirement("ack_ms.p50<=1").miss(facts), "ack_ms.p50: was not measured");
}

TEST(Requirement, what_cannot_be_read_is_refused) {
  for (const char* text : {"", "x", "x>5", "x>=", "x>=five", ">=5", "x>=5ms"})
    EXPECT_THROW(parse_requirement(text), BadInput) << text;
}

json ledger(std::uint64_t mark, std::uint64_t stored, std::uint64_t missing, std::uint64_t doubled) {
  return {{{"stream", "aa"},
           {"mark", mark},
           {"stored", stored},
           {"missing", missing},
           {"doubled", doubled},
           {"put_aside", 0},
           {"dropped", 0}}};
}

TEST(Audit, a_stored_stream_is_clean) {
  Audit audit;
  hold({"FLEET0000001", "aa", 10}, ledger(12, 12, 0, 0), audit);
  EXPECT_TRUE(audit.clean());
  EXPECT_EQ(audit.stored, 12u);
}

TEST(Audit, finds_what_is_acknowledged_and_not_there) {
  Audit audit;
  hold({"FLEET0000001", "aa", 10}, ledger(8, 8, 0, 0), audit);
  hold({"FLEET0000002", "aa", 3}, json::array(), audit);
  EXPECT_EQ(audit.missing, 5u);
  EXPECT_FALSE(audit.clean());
  EXPECT_EQ(audit.first_finding, "FLEET0000001: acknowledged up to 10, mark 8, 2 missing, 0 doubled");
}

TEST(Audit, what_was_acknowledged_and_asked_for_again_was_acknowledged_too_early) {
  Audit audit;
  hold({"FLEET0000001", "aa", 10}, ledger(10, 10, 0, 0), audit);
  audit.asked_again = 1;
  EXPECT_FALSE(audit.clean());
}

TEST(Audit, finds_holes_and_doubles) {
  Audit audit;
  hold({"FLEET0000001", "aa", 10}, ledger(10, 9, 1, 0), audit);
  hold({"FLEET0000002", "aa", 10}, ledger(10, 10, 0, 2), audit);
  EXPECT_EQ(audit.missing, 1u);
  EXPECT_EQ(audit.doubled, 2u);
}

}  // namespace
}  // namespace v2x::bench
