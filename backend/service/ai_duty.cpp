#include "backend/service/ai_duty.hpp"

#include <algorithm>
#include <utility>

#include "backend/service/ports/gateways.hpp"
#include "common/jst.hpp"
#include "common/log.hpp"

namespace v2x::service {
namespace {

constexpr const char* kNightCeiling = "night_ceiling";
constexpr const char* kMode = "operatingMode";
constexpr const char* kCharge = "charge";

/// What must be written for the night charge.
void want_ceiling(const AiControl& control, const std::optional<KnownSettings>& known, Form& values) {
  const std::string wanted = std::to_string(control.ceiling_pct);
  const std::string has = known ? entered(known->values, kNightCeiling) : std::string();
  if (wanted != (has.empty() ? "0" : has)) values[kNightCeiling] = wanted;
}

/// What must be written because a warning stands or has ended; notes in `control` where it is.
void want_mode(AiControl& control, bool warning, const KnownSettings& known, Time now, Form& values) {
  const std::string mode = entered(known.values, kMode);
  if (warning && !control.warned) {
    control.warned = now;
    control.earlier_mode = mode;
    control.by_hand = false;
    control.not_before.reset();
  }
  if (warning && !control.by_hand && mode != kCharge) values[kMode] = kCharge;
  if (warning || !control.warned) return;
  if (!control.by_hand && mode == kCharge && control.earlier_mode != kCharge) {
    values[kMode] = control.earlier_mode;
  } else {
    control.warned.reset();
    control.earlier_mode.clear();
    control.by_hand = false;
  }
}

}  // namespace

Time next_forecast_after(Time now, const AiTimes& times) {
  const Time today = jst_midnight(now) + times.forecast_at;
  return today > now ? today : jst_midnight(now, 1) + times.forecast_at;
}

int night_ceiling_pct(Weather weather) {
  switch (weather) {  // devices.md, AI: classes of the next day's weather
    case Weather::sunny:
      return 0;
    case Weather::partly:
      return 20;
    case Weather::cloudy:
      return 40;
    case Weather::rain:
    case Weather::snow:
      return 50;
  }
  return 0;
}

std::optional<Time> AiDuty::next_due() {
  return registry_.read([](Transaction& tx) { return tx.ai_controls().next_due(); });
}

void AiDuty::run(Time now) {
  const auto due = registry_.read([&](Transaction& tx) { return tx.ai_controls().due(now); });
  for (const AiControl& control : due) {
    const Sky sky = look(control, now);
    registry_.transact([&](Transaction& tx) {
      if (auto current = tx.ai_controls().find(control.ownership_id)) act(tx, std::move(*current), sky);
    });
  }
}

AiDuty::Sky AiDuty::look(const AiControl& control, Time now) {
  Sky sky;
  if (control.next_forecast && *control.next_forecast <= now) {
    sky.tomorrow = weather_.forecast(control.choice.forecast_area, to_jst(jst_midnight(now, 1)).date);
  }
  if (!control.choice.warning_charge) {
    sky.warning = false;
  } else if (const auto warning = weather_.has_warning(control.choice.warning_area)) {
    sky.warning = *warning;
  } else {
    log::info("AI control: warnings of area {}: {}", control.choice.warning_area, warning.error().message);
  }
  return sky;
}

void AiDuty::decide_night(AiControl& control, const Result<Weather>& tomorrow, Time now) const {
  control.decided = now;
  control.decision = tomorrow ? NightDecision::planned : NightDecision::no_forecast;
  control.ceiling_pct = tomorrow ? night_ceiling_pct(*tomorrow) : 0;
  control.not_before.reset();
  control.next_forecast = next_forecast_after(now, times_);
  if (!tomorrow)
    log::info("AI control: no forecast for area {}: {}", control.choice.forecast_area, tomorrow.error().message);
}

void AiDuty::act(Transaction& tx, AiControl control, const Sky& sky) const {
  const auto gateway = tx.gateways().of_ownership(control.ownership_id);
  if (!gateway) return tx.ai_controls().remove(control.ownership_id);
  const bool still_due = control.next_forecast && *control.next_forecast <= tx.now();  // or another process was faster
  if (sky.tomorrow && control.choice.night_charge && still_due) decide_night(control, *sky.tomorrow, tx.now());
  const std::string& gateway_id = gateway->device.gateway_id;
  const auto known = tx.setting_requests().known(control.ownership_id);
  Form values;
  want_ceiling(control, known, values);
  bool must_read = false;
  if (known && sky.warning) want_mode(control, *sky.warning, *known, tx.now(), values);
  if (!known && sky.warning.value_or(false)) must_read = true;
  control.next_check.reset();
  const bool watching = control.choice.warning_charge || control.warned;
  if (watching || !values.empty()) control.next_check = tx.now() + times_.check;
  tx.ai_controls().put(control);
  if (!values.empty()) return write(tx, control, gateway_id, std::move(values));
  // To go back to the earlier mode it must be known which one that is.
  if (must_read)
    (void)exchange_.ask(tx, {.gateway_id = gateway_id,
                             .ownership_id = control.ownership_id,
                             .act = SettingAct::read,
                             .author = SettingAuthor::ai});
}

void AiDuty::write(Transaction& tx, AiControl& control, const std::string& gateway_id, Form values) const {
  if (control.not_before && *control.not_before > tx.now()) return;
  const auto asked = exchange_.ask(tx, {.gateway_id = gateway_id,
                                        .ownership_id = control.ownership_id,
                                        .act = SettingAct::write,
                                        .author = SettingAuthor::ai,
                                        .values = std::move(values)});
  if (!asked) return;  // silent, or somebody else is writing: at the next check
  control.not_before = tx.now() + times_.write_again;
  tx.ai_controls().put(control);
}

}  // namespace v2x::service
