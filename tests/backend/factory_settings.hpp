// The settings of a gateway that nobody has touched, for tests.
#pragma once

#include "backend/service/form.hpp"

namespace v2x::test {

/// All settings as a gateway reports them that nobody has touched.
inline service::Form factory_settings() {
  return {{"operatingMode", "green"},
          {"chargePowerW", "3000"},
          {"dischargePowerW", "6000"},
          {"agreementAmpere", "60"},
          {"socSafetyMode", "50"},
          {"socEconomyMode", "30"},
          {"socChargeMode", "100"},
          {"chargeStartTimeH", "23"},
          {"chargeStartTimeM", "0"},
          {"chargeEndTimeH", "7"},
          {"chargeEndTimeM", "0"},
          {"dischargeStartTimeH", "7"},
          {"dischargeStartTimeM", "0"},
          {"dischargeEndTimeH", "23"},
          {"dischargeEndTimeM", "0"},
          {"dischargeDaySun", "1"},
          {"dischargeDayMon", "1"},
          {"dischargeDayTue", "1"},
          {"dischargeDayWed", "1"},
          {"dischargeDayThu", "1"},
          {"dischargeDayFri", "1"},
          {"dischargeDaySat", "1"},
          {"onPowerOutageMode", "self_sustain"},
          {"onPowerOutageChargePowerW", "65535"},
          {"outageFloor", "10"},
          {"night_ceiling", "0"},
          {"socContactInput", "100"}};
}

}  // namespace v2x::test
