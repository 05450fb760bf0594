// AI control: each day at 17:05 the night charge from the forecast, and charging while a warning stands (SET-21,
// SET-22).
#pragma once

#include "backend/service/duty.hpp"
#include "backend/service/ports/ai_controls.hpp"
#include "backend/service/ports/setting_requests.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/setting_exchange.hpp"
#include "backend/service/weather.hpp"

namespace v2x::service {

struct AiTimes {
  Duration forecast_at = std::chrono::hours(17) + std::chrono::minutes(5);  // SET-21, JST
  Duration check = std::chrono::minutes(5);                                 // how late a warning may be noticed
  Duration write_again = std::chrono::minutes(30);                          // after a write that didn't help
};

/// The next time that a forecast is fetched, after `now`.
Time next_forecast_after(Time now, const AiTimes& times);
/// The night charge's ceiling for the next day's weather: the less sun, the more is bought.
int night_ceiling_pct(Weather weather);

/// Writes as AI control; a write that finds another one open, or the gateway silent, is made later.
class AiDuty final : public Duty {
 public:
  AiDuty(Registry& registry, const SettingExchange& exchange, WeatherSource& weather, AiTimes times = {})
      : registry_(registry), exchange_(exchange), weather_(weather), times_(times) {}
  std::optional<Time> next_due() override;
  void run(Time now) override;

 private:
  /// What the source says for one gateway, asked outside of the transaction.
  struct Sky {
    std::optional<Result<Weather>> tomorrow;  ///< when the forecast is due
    std::optional<bool> warning;              ///< absent: could not be had
  };
  Sky look(const AiControl& control, Time now);
  void act(Transaction& tx, AiControl control, const Sky& sky) const;
  void decide_night(AiControl& control, const Result<Weather>& tomorrow, Time now) const;
  void write(Transaction& tx, AiControl& control, const std::string& gateway_id, Form values) const;

  Registry& registry_;
  const SettingExchange& exchange_;
  WeatherSource& weather_;
  const AiTimes times_;
};

}  // namespace v2x::service
