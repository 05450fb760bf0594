#include "sim/gateway/gateway_config.hpp"

namespace v2x::gateway {

telemetry::UnitKind to_telemetry(UnitKind kind) {
  switch (kind) {
    case UnitKind::pv_pcs:
      return telemetry::UNIT_KIND_PV_PCS;
    case UnitKind::ev_pcs:
      return telemetry::UNIT_KIND_EV_PCS;
    case UnitKind::meter:
      return telemetry::UNIT_KIND_METER;
  }
  return telemetry::UNIT_KIND_UNKNOWN;
}

}  // namespace v2x::gateway
