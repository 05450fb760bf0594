// Ratios of interleaved pairs with their 95 % interval.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

namespace v2x::bench {

struct Ratio {
  double mean = 0;  ///< geometric
  double low = 0, high = 0;

  nlohmann::json json() const { return {{"ratio", mean}, {"low", low}, {"high", high}}; }
};

/// Of `ours[i] / theirs[i]`, by Student's t over their logarithms: a pair shares what the machine did meanwhile. With
/// one pair nothing is known of its scatter: low = 0, high = infinity, which JSON shows as null. All values above 0.
Ratio ratio_of_pairs(const std::vector<double>& ours, const std::vector<double>& theirs);

double median(std::vector<double> values);

}  // namespace v2x::bench
