#include "common/random.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>

namespace v2x {
namespace {

const RandomStream kStream{42, "home", "cloud"};

// Pinned: whoever changes these numbers changes every recorded run.
TEST(Random, numbers_are_pinned_for_ever) {
  EXPECT_EQ(random_bits(kStream, 0), 0x00F2473A2E406686ULL);
  EXPECT_EQ(random_bits(kStream, 1), 0x96753927F0D150DEULL);
  EXPECT_EQ(random_bits({1, "", ""}, 0), 0x9ADE3B35086B5CBAULL);
}

TEST(Random, seed_owner_purpose_and_index_each_matter) {
  const std::set<std::uint64_t> distinct = {random_bits(kStream, 0),
                                            random_bits(kStream, 1),
                                            random_bits({43, "home", "cloud"}, 0),
                                            random_bits({42, "next", "cloud"}, 0),
                                            random_bits({42, "home", "turnaround"}, 0),
                                            random_bits({42, "cloud", "home"}, 0)};
  EXPECT_EQ(distinct.size(), 6u);
}

TEST(Random, same_question_has_the_same_answer_in_any_order) {
  const auto later = random_bits(kStream, 1000);
  for (std::uint64_t k = 0; k < 1000; ++k) (void)random_bits(kStream, k);
  EXPECT_EQ(random_bits(kStream, 1000), later);
}

TEST(Random, uniform_fills_its_interval_evenly) {
  constexpr int kNumbers = 10'000, kBins = 10;
  std::array<int, kBins> bins{};
  for (std::uint64_t k = 0; k < kNumbers; ++k) {
    const double u = random_uniform(kStream, k);
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    ++bins[static_cast<size_t>(u * kBins)];
  }
  for (const int count : bins) EXPECT_NEAR(count, 1000, 150);  // five standard deviations; the seed is fixed
}

TEST(Random, normal_has_mean_zero_and_deviation_one) {
  constexpr int kNumbers = 10'000;
  double sum = 0, squares = 0;
  for (std::uint64_t k = 0; k < kNumbers; ++k) {
    const double x = random_normal(kStream, k);
    ASSERT_LE(std::abs(x), 6);
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kNumbers, 0, 0.05);
  EXPECT_NEAR(squares / kNumbers, 1, 0.05);
}

}  // namespace
}  // namespace v2x
