// What the pages stand on: the parts of the backend that the program makes and hands to them.
#pragma once

#include "backend/service/alarm_service.hpp"
#include "backend/service/live_samples.hpp"
#include "backend/service/monitoring.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/setting_exchange.hpp"
#include "backend/service/settings.hpp"
#include "common/clock.hpp"

namespace v2x::web {

/// All of it outlives the server.
struct Services {
  const service::Settings& settings;
  service::Registry& registry;
  const service::MonitoringQueries& monitoring;
  const service::AlarmService& alarms;
  const service::SettingExchange& setting_exchange;
  service::LiveSamples& live;
  const Clock& clock;
};

}  // namespace v2x::web
