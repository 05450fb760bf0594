#include "sim/plant/climate.hpp"

#include <cmath>
#include <numbers>

#include "sim/plant/calendar.hpp"

namespace v2x::plant {
namespace {

struct Region {
  int last_prefecture;  ///< JIS X 0401; a region begins after the one before
  double month_mean_c[12];
};

// Climatological means of a large town of the region, rounded to whole degrees.
constexpr Region kRegions[] = {
    {1, {-3, -3, 1, 7, 13, 17, 21, 22, 19, 12, 5, -1}},      // 北海道
    {7, {2, 2, 5, 11, 16, 19, 23, 24, 21, 16, 10, 4}},       // 東北
    {14, {5, 6, 9, 14, 19, 22, 26, 27, 23, 18, 12, 8}},      // 関東
    {18, {4, 4, 7, 13, 18, 22, 26, 27, 23, 18, 12, 7}},      // 北陸
    {20, {0, 1, 5, 11, 17, 21, 25, 26, 21, 14, 8, 2}},       // 甲信
    {24, {5, 5, 9, 15, 19, 23, 27, 28, 24, 19, 13, 7}},      // 東海
    {30, {5, 6, 9, 15, 20, 23, 27, 29, 25, 19, 13, 7}},      // 近畿
    {35, {5, 6, 9, 15, 20, 23, 27, 28, 25, 19, 13, 7}},      // 中国
    {39, {6, 6, 9, 15, 20, 23, 27, 29, 25, 19, 13, 8}},      // 四国
    {46, {7, 8, 11, 15, 20, 23, 27, 28, 25, 20, 14, 9}},     // 九州
    {47, {17, 18, 19, 22, 24, 27, 29, 29, 28, 26, 23, 19}},  // 沖縄
};
constexpr double kDailySwingC = 4;   // default
constexpr double kWarmestHour = 14;  // default

}  // namespace

Climate::Climate(int prefecture, std::optional<double> constant_c)
    : month_mean_c_(kRegions[0].month_mean_c), constant_c_(constant_c) {
  for (const Region& region : kRegions) {
    month_mean_c_ = region.month_mean_c;
    if (prefecture <= region.last_prefecture) break;
  }
}

double Climate::ambient_c(Time t) const {
  if (constant_c_) return *constant_c_;
  const double hour = seconds_of_day(t) / 3600;
  return month_mean_c_[civil_day(t).month - 1] +
         kDailySwingC * std::cos(2 * std::numbers::pi * (hour - kWarmestHour) / 24);
}

}  // namespace v2x::plant
