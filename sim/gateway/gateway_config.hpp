// What a gateway is told about itself, its units and its service.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "contracts/telemetry.pb.h"
#include "sim/core/register_map.hpp"
#include "sim/gateway/daylight.hpp"
#include "sim/gateway/energy_settings.hpp"
#include "sim/gateway/output_control.hpp"

namespace v2x::gateway {

enum class UnitKind { pv_pcs, ev_pcs, meter };

telemetry::UnitKind to_telemetry(UnitKind kind);

/// One device on the gateway's bus.
struct GatewayUnit {
  std::string name;  ///< as in the world: "pcs1"
  UnitKind kind = UnitKind::pv_pcs;
  std::uint32_t unit_no = 1;               ///< ユニットNo: PCS first, the meter last
  std::uint8_t unit_id = 1;                ///< Modbus unit id
  const core::RegisterMap* map = nullptr;  ///< outlives the gateway
  Duration longest_wait{};                 ///< of a request behind those of other units on the same line
};

/// Periods of service time; every default may be overridden in the world.
struct PollSettings {
  Duration meter_period = std::chrono::seconds(5);
  Duration ev_period = std::chrono::seconds(5);
  Duration pv_period = std::chrono::seconds(10);
  Duration request_timeout = std::chrono::seconds(1);
  int retries = 1;  ///< of one request, before its poll has failed
};

struct GatewayConfig {
  std::string id;         ///< ゲートウェイID, the name under which the service knows it
  std::string password;   ///< printed on its label; only people type it
  bool external = false;  ///< somebody else's device stands here: ours is never switched on
  std::string model;
  std::string serial;
  std::string firmware = "0.1.0";
  Duration report_period = std::chrono::seconds(60);  ///< until a Welcome says otherwise
  Duration reply_timeout = std::chrono::seconds(30);  ///< for Welcome and Ack; default, configurable
  int spool_days = 30;                                ///< LAW-1: at least 30 days of minutes
  PollSettings poll;
  /// Set when the PV units sleep at night and are silent then.
  std::optional<Place> sleeps_at;
  EnergySettings energy;
  std::optional<OutputControl> output_control;  ///< nullopt: PV gives what it can
  std::vector<GatewayUnit> units;
};

}  // namespace v2x::gateway
