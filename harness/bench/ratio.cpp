#include "harness/bench/ratio.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace v2x::bench {
namespace {

/// Two-sided 95 % of Student's t by degrees of freedom, from 1; beyond the table the last one, which is wider than
/// right.
constexpr std::array kStudent{12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
                              2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093};

}  // namespace

Ratio ratio_of_pairs(const std::vector<double>& ours, const std::vector<double>& theirs) {
  const auto n = static_cast<double>(ours.size());
  double mean = 0, square = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) mean += std::log(ours[i] / theirs[i]) / n;
  if (ours.size() < 2) return {std::exp(mean), 0, std::numeric_limits<double>::infinity()};
  for (std::size_t i = 0; i < ours.size(); ++i) square += std::pow(std::log(ours[i] / theirs[i]) - mean, 2) / (n - 1);
  const double half = kStudent[std::min(ours.size() - 2, kStudent.size() - 1)] * std::sqrt(square / n);
  return {std::exp(mean), std::exp(mean - half), std::exp(mean + half)};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace v2x::bench
