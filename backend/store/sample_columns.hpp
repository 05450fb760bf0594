// A sample as stores select it, whatever the database: end_us, length_us, six means, six counters, throttle, island,
// ev_state, soc_permille, remaining_wh, units.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "backend/service/telemetry.hpp"

namespace v2x::store {

/// Six columns from `column` on. `Row`: columns numbered from 0, with number(), maybe_number() and time().
template <class Row>
service::Flows<std::int64_t> flows_of(const Row& row, std::uint8_t column) {
  service::Flows<std::int64_t> flows;
  for (auto* flow : flows.all()) *flow = row.maybe_number(column++);
  return flows;
}

template <class Row>
std::optional<int> small_number(const Row& row, std::uint8_t column) {
  const auto number = row.maybe_number(column);
  return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

/// `units`: of the last column, as bytes.
template <class Row>
service::TelemetrySample sample_of(const Row& row, std::string units) {
  service::TelemetrySample sample;
  sample.length = Duration(row.number(1));
  sample.start = row.time(0) - sample.length;
  sample.mean_w = flows_of(row, 2);
  sample.counter_wh = flows_of(row, 8);
  sample.throttle = static_cast<service::Throttle>(row.number(14));
  sample.island = row.number(15) != 0;
  if (const auto state = small_number(row, 16))
    sample.ev =
        service::EvReading{static_cast<service::VehicleState>(*state), small_number(row, 17), small_number(row, 18)};
  sample.units = std::move(units);
  return sample;
}

}  // namespace v2x::store
