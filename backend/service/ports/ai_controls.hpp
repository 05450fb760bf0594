// AI control of gateways: what its owner chose, and where it stands. Rules are in backend/service/ai_duty.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"

namespace v2x::service {

/// What is chosen on M11 (SET-20). Areas are codes of prefectures.
struct AiChoice {
  std::string forecast_area;
  std::string warning_area;
  bool night_charge = false;
  bool warning_charge = false;
  bool operator==(const AiChoice&) const = default;
};

/// What was made of a day's forecast.
enum class NightDecision {
  none,         ///< nothing was decided yet
  planned,      ///< a ceiling follows from the forecast
  no_forecast,  ///< it could not be had: no control that day
};
std::string to_string(NightDecision decision);
NightDecision night_decision(const std::string& word);

struct AiControl {
  std::int64_t ownership_id = 0;
  AiChoice choice;
  std::optional<Time> next_forecast{};  ///< while night charge is on
  std::optional<Time> next_check{};     ///< of the warnings, and of writes that are still to be made
  std::optional<Time> decided{};
  NightDecision decision = NightDecision::none;
  int ceiling_pct = 0;               ///< that the gateway should have
  std::optional<Time> not_before{};  ///< a write that didn't help is not repeated earlier
  std::optional<Time> warned{};      ///< since when a warning counts
  std::string earlier_mode{};        ///< what the warning replaced
  bool by_hand = false;              ///< somebody chose a mode since
};

class AiControls {
 public:
  virtual ~AiControls() = default;
  virtual std::optional<AiControl> find(std::int64_t ownership_id) = 0;
  virtual void put(const AiControl& control) = 0;
  virtual void remove(std::int64_t ownership_id) = 0;
  virtual std::optional<Time> next_due() = 0;
  virtual std::vector<AiControl> due(Time now) = 0;
};

}  // namespace v2x::service
