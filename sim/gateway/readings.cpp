#include "sim/gateway/readings.hpp"

namespace v2x::gateway {
namespace {

constexpr std::string_view kStates[] = {"off",           "sleeping", "starting", "running", "throttled",
                                        "shutting_down", "fault",    "standby",  "island"};
constexpr std::string_view kDetails[] = {"off",     "sleeping",  "start_check",   "reconnect_wait",
                                         "running", "throttled", "shutting_down", "fault",
                                         "standby", "island",    "black_start"};
constexpr std::string_view kSuppressions[] = {"none", "output_control", "other"};
constexpr std::string_view kPlugs[] = {"unplugged", "plugged", "locked"};
constexpr std::string_view kStages[] = {"unplugged",  "plugged",   "handshake", "negotiate",  "permitted",
                                        "insulation", "precharge", "ready",     "power_flow", "stopping",
                                        "weld_check", "unlock",    "fault",     "emergency"};
constexpr std::string_view kOutageModes[] = {"standby", "self_sustain"};

constexpr WantedQuantity kPcs[] = {
    {Reading::state, "state", kStates},
    {Reading::detail, "state_detail", kDetails},
    {Reading::suppression, "suppression", kSuppressions},
    {Reading::ac_w, "ac.power", {}},
    {Reading::volts_u, "ac.voltage_u", {}},
    {Reading::volts_v, "ac.voltage_v", {}},
    {Reading::hertz, "ac.frequency", {}},
    {Reading::cabinet_c, "temp.cabinet", {}},
    {Reading::heatsink_c, "temp.heatsink", {}},
    {Reading::injected_wh, "ac.energy_injected", {}},
    {Reading::absorbed_wh, "ac.energy_absorbed", {}},
    {Reading::vendor_1, "fault_vendor[1]", {}},
    {Reading::vendor_2, "fault_vendor[2]", {}},
    {Reading::vendor_3, "fault_vendor[3]", {}},
    {Reading::vendor_4, "fault_vendor[4]", {}},
    {Reading::ovr_v, "set.ovr_level", {}},
    {Reading::uvr_v, "set.uvr_level", {}},
    {Reading::ofr_hz, "set.ofr_level", {}},
    {Reading::ufr_hz, "set.ufr_level", {}},
    {Reading::string_1_v, "dc[1].voltage", {}},
    {Reading::string_1_a, "dc[1].current", {}},
    {Reading::string_2_v, "dc[2].voltage", {}},
    {Reading::string_2_a, "dc[2].current", {}},
    {Reading::string_3_v, "dc[3].voltage", {}},
    {Reading::string_3_a, "dc[3].current", {}},
    {Reading::string_4_v, "dc[4].voltage", {}},
    {Reading::string_4_a, "dc[4].current", {}},
    {Reading::plug, "vehicle.plug", kPlugs},
    {Reading::stage, "vehicle.stage", kStages},
    {Reading::soc_pct, "storage.soc", {}},
    {Reading::stored_wh, "storage.energy_available", {}},
    {Reading::min_soc_pct, "vehicle.min_soc", {}},
    {Reading::max_soc_pct, "vehicle.max_soc", {}},
    {Reading::outage_mode, "set.outage_mode", kOutageModes},
    {Reading::outage_floor_pct, "set.outage_floor", {}},
};

constexpr WantedQuantity kMeter[] = {
    {Reading::ac_w, "ac.power", {}},        {Reading::volts_u, "ac.voltage_u", {}},
    {Reading::volts_v, "ac.voltage_v", {}}, {Reading::hertz, "ac.frequency", {}},
    {Reading::buy_wh, "energy_buy", {}},    {Reading::sell_wh, "energy_sell", {}},
};

}  // namespace

std::span<const WantedQuantity> wanted_quantities(UnitKind kind) {
  if (kind == UnitKind::meter) return kMeter;
  return kPcs;  // of both kinds: what a kind's map does not have is not read
}

}  // namespace v2x::gateway
