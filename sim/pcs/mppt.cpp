#include "sim/pcs/mppt.hpp"

namespace v2x::pcs {
namespace {

constexpr double kWorkingFromV = 50, kWorkingToV = 450;  // data sheet of the family
constexpr double kFewStringsA = 12, kAllStringsA = 10;   // data sheet of the family
constexpr size_t kAllStrings = 4;

}  // namespace

double string_current_limit_a(size_t strings) {
  return strings < kAllStrings ? kFewStringsA : kAllStringsA;
}

double trackable_w(const power::DcSource& source, double limit_a) {
  if (source.mpp_w <= 0 || source.mpp_v < kWorkingFromV || source.mpp_v > kWorkingToV) return 0;
  if (source.mpp_w <= limit_a * source.mpp_v) return source.mpp_w;
  // On the line from the maximum power point to open circuit, where the current just is `limit_a`.
  const double slope = (source.open_v - source.mpp_v) / source.mpp_w;
  return limit_a * source.open_v / (1 + limit_a * slope);
}

DcPoint operating_point(const power::DcSource& source, double power_w) {
  if (source.mpp_w <= 0) return {};
  return {power_w, source.mpp_v + (source.open_v - source.mpp_v) * (1 - power_w / source.mpp_w)};
}

}  // namespace v2x::pcs
