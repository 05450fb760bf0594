#include "sim/house/site_points.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/power/grid_view.hpp"

namespace v2x::house {
namespace {

constexpr double kSagV = 80;  // a leg below the factory UVR level
enum GridState { grid_normal, grid_sag, grid_outage, grid_island };

GridState grid_state(double u_v, double v_v) {
  if (power::GridView{u_v, v_v}.dead()) return grid_outage;
  return std::min(u_v, v_v) < kSagV ? grid_sag : grid_normal;
}

}  // namespace

SitePoints::SitePoints(const core::QuantityTable& table) {
  const auto at = [&table](std::string_view name) { return table.slot(name); };
  irradiance_ = at("plant.irradiance"), clearness_ = at("plant.clearness"), ambient_ = at("plant.ambient");
  elevation_ = at("plant.sun_elevation");
  for (int n = 1; n <= 4; ++n) poa_.push_back(at(fmt::format("plant.poa[{}]", n)));
  load_ = at("load_w"), load_u_ = at("load_w_u"), load_v_ = at("load_w_v"), aux_ = at("aux_w");
  pv_ = at("pv_w"), ev_ = at("ev_w"), grid_ = at("grid_w"), balance_ = at("balance_error");
  voltage_u_ = at("grid.voltage_u"), voltage_v_ = at("grid.voltage_v");
  source_u_ = at("grid.source_u"), source_v_ = at("grid.source_v");
  frequency_ = at("grid.frequency"), state_ = at("grid.state"), limiter_ = at("grid.limiter_open"),
  line_loss_ = at("grid.line_loss");
  meter_power_ = at("meter.power"), buy_w_ = at("meter.buy_w"), sell_w_ = at("meter.sell_w");
  energy_buy_ = at("meter.energy_buy"), energy_sell_ = at("meter.energy_sell");
  current_u_ = at("meter.current_u"), current_v_ = at("meter.current_v");
  half_buy_ = at("meter.half_hour_buy"), half_sell_ = at("meter.half_hour_sell");
}

void SitePoints::publish(core::QuantityTable& table, const SiteState& state) const {
  publish_plant(table, state.surroundings);
  table.set(load_, state.power.load_w);
  table.set(load_u_, state.load.u_w);
  table.set(load_v_, state.load.v_w);
  table.set(aux_, state.power.aux_w);
  table.set(pv_, state.power.pv_w);
  table.set(ev_, state.power.ev_w);
  table.set(grid_, state.power.grid_w);
  table.set(balance_, state.power.grid_w + state.units_ac_w - state.power.load_w - state.power.aux_w);
  publish_grid(table, state);
  publish_meter(table, state.meter);
}

void SitePoints::publish_plant(core::QuantityTable& table, const Surroundings& surroundings) const {
  table.set(irradiance_, surroundings.irradiance());
  table.set(clearness_, surroundings.clearness());
  table.set(ambient_, surroundings.ambient_c());
  table.set(elevation_, surroundings.sun_elevation_deg());
  if (!surroundings.has_panels()) return;
  const auto poa = surroundings.plane_irradiance(0);
  for (size_t i = 0; i < std::min(poa.size(), poa_.size()); ++i) table.set(poa_[i], poa[i]);
}

void SitePoints::publish_grid(core::QuantityTable& table, const SiteState& state) const {
  table.set(voltage_u_, state.line.u_v);
  table.set(voltage_v_, state.line.v_v);
  table.set(source_u_, state.source.u_v);
  table.set(source_v_, state.source.v_v);
  table.set(frequency_, state.frequency_hz);
  table.set(state_, state.backed_up ? grid_island : grid_state(state.line.u_v, state.line.v_v));
  table.set(limiter_, state.limiter_open);
  table.set(line_loss_, state.line.loss_w);
}

void SitePoints::publish_meter(core::QuantityTable& table, const plant::PanelMeter& meter) const {
  const plant::MeterReading& reading = meter.reading();
  table.set(meter_power_, reading.power_w);
  table.set(buy_w_, std::max(0.0, reading.power_w));
  table.set(sell_w_, std::max(0.0, -reading.power_w));
  table.set(energy_buy_, meter.buy_wh());
  table.set(energy_sell_, meter.sell_wh());
  table.set(current_u_, reading.current_u_a);
  table.set(current_v_, reading.current_v_a);
  table.set(half_buy_, meter.half_hour_buy_wh());
  table.set(half_sell_, meter.half_hour_sell_wh());
}

}  // namespace v2x::house
