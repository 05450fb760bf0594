// What a site publishes besides its devices.
#pragma once

#include <span>

#include "sim/core/quantity_table.hpp"
#include "sim/house/energy_book.hpp"
#include "sim/house/surroundings.hpp"
#include "sim/plant/household.hpp"
#include "sim/plant/panel_meter.hpp"

namespace v2x::house {

struct SiteState {
  const Surroundings& surroundings;
  const HousePower& power;
  const plant::LegLoad& load;
  const plant::GridSource& source;
  const plant::LineState& line;
  const plant::PanelMeter& meter;
  double units_ac_w = 0;    ///< sum over all units
  double frequency_hz = 0;  ///< in the house
  bool backed_up = false;   ///< behind its open grid switch
  bool limiter_open = false;
};

/// The slots of one site's table, resolved once.
class SitePoints {
 public:
  explicit SitePoints(const core::QuantityTable& table);
  void publish(core::QuantityTable& table, const SiteState& state) const;

 private:
  void publish_plant(core::QuantityTable& table, const Surroundings& surroundings) const;
  void publish_grid(core::QuantityTable& table, const SiteState& state) const;
  void publish_meter(core::QuantityTable& table, const plant::PanelMeter& meter) const;

  core::Slot irradiance_, clearness_, ambient_, elevation_;
  std::vector<core::Slot> poa_;
  core::Slot load_, load_u_, load_v_, aux_, pv_, ev_, grid_, balance_;
  core::Slot voltage_u_, voltage_v_, source_u_, source_v_, frequency_, state_, limiter_, line_loss_;
  core::Slot meter_power_, buy_w_, sell_w_, energy_buy_, energy_sell_, current_u_, current_v_, half_buy_, half_sell_;
};

}  // namespace v2x::house
