#include "sim/pcs/string_watch.hpp"

#include <algorithm>

namespace v2x::pcs {
namespace {

using namespace std::chrono_literals;

constexpr double kMostStringV = 450;    // data sheet of the family
constexpr double kMostStringA = 13;     // default
constexpr double kShortCurrentA = 15;   // default: the others feed back into a shorted string
constexpr double kLightToJudge = 300;   // W/m², default
constexpr double kLeastOfOthers = 0.2;  // default
constexpr double kPowerToJudgeW = 50;   // default: mean of the others
constexpr const char* kOverVoltage = "E2-1";
constexpr const char* kAbnormal = "E2-2";
constexpr const char* kOverCurrent = "E2-3";
constexpr const char* kGroundFault = "E2-4";

}  // namespace

StringWatch::StringWatch(core::QuantityTable& table, power::ActiveFaults& faults)
    : table_(&table),
      faults_(&faults),
      open_(table.slot("hw.string_open")),
      short_(table.slot("hw.string_short")),
      voltage_(table.slot("hw.string_voltage")),
      over_voltage_(100ms),
      lagging_(30min),
      over_current_(100ms) {
  table.set(open_, 0);
  table.set(short_, 0);
}

bool StringWatch::pin(std::string_view quantity, std::optional<double> value) {
  if (quantity == "hw.string_voltage") {
    if (value)
      table_->set(voltage_, *value);
    else
      table_->set_absent(voltage_);
    return true;
  }
  if (quantity != "hw.string_open" && quantity != "hw.string_short") return false;
  table_->set(quantity == "hw.string_open" ? open_ : short_, value.value_or(0));
  return true;
}

power::DcSource StringWatch::seen(size_t string, const power::DcSource& sound) const {
  power::DcSource out = sound;
  if (is(open_, string) || is(short_, string)) out = {0, 0, 0, sound.poa};
  if (string == 0 && table_->has(voltage_)) out.mpp_v = out.open_v = table_->number(voltage_);
  return out;
}

double StringWatch::current_a(size_t string, const DcPoint& point) const {
  return is(short_, string) && faults_->active(kOverCurrent) ? kShortCurrentA : point.current_a();
}

std::optional<bool> StringWatch::some_string_lags(std::span<const power::DcSource> sources) {
  double sum_w = 0;
  for (const power::DcSource& source : sources) sum_w += source.mpp_w;
  bool judged = false;
  for (const power::DcSource& source : sources) {
    const double others_w = (sum_w - source.mpp_w) / std::max(1.0, static_cast<double>(sources.size() - 1));
    if (source.poa <= kLightToJudge || others_w < kPowerToJudgeW) continue;
    judged = true;
    if (source.mpp_w < kLeastOfOthers * others_w) return true;
  }
  return judged ? std::optional(false) : std::nullopt;
}

void StringWatch::see(std::string_view code, power::HoldTimer& timer, bool raises, bool persists, Time now) {
  timer.see(raises, now);
  if (timer.met(now)) faults_->raise(code, now);
  faults_->see_cause(code, raises || persists, now);
}

void StringWatch::observe(std::span<const power::DcSource> sources, bool operating, Time now) {
  bool high = false, shorted = false;
  for (size_t i = 0; i < sources.size(); ++i) {
    if (sources[i].open_v > kMostStringV) high = true, high_string_ = i;
    if (is(short_, i)) shorted = true, short_string_ = i;
  }
  const bool light = std::any_of(sources.begin(), sources.end(), [](const auto& source) { return source.poa > 0; });
  // Only light and power show whether the string is back: the code stays over night and through a stop.
  const std::optional<bool> lags = operating ? some_string_lags(sources) : std::nullopt;
  if (lags) lags_ = *lags;
  see(kOverVoltage, over_voltage_, high && operating, high, now);
  see(kAbnormal, lagging_, lags.value_or(false), lags_, now);
  see(kOverCurrent, over_current_, shorted && light && operating && kShortCurrentA > kMostStringA, shorted, now);
}

Time StringWatch::next_change(Time now) const {
  using power::if_ahead;
  return std::min(
      {if_ahead(over_voltage_.due(), now), if_ahead(lagging_.due(), now), if_ahead(over_current_.due(), now)});
}

std::uint64_t StringWatch::alarms(size_t string) const {
  return faults_->dc_alarm_bits(kGroundFault) | (string == high_string_ ? faults_->dc_alarm_bits(kOverVoltage) : 0) |
         (string == short_string_ ? faults_->dc_alarm_bits(kOverCurrent) : 0);
}

}  // namespace v2x::pcs
