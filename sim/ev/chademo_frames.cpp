#include "sim/ev/chademo_frames.hpp"

#include <algorithm>
#include <cmath>

namespace v2x::ev {
namespace {

enum Coding { plain, inverted };  // inverted: 0xFF − A

template <class Data>
struct Field {
  std::uint16_t id;
  std::uint8_t byte, size;  // little-endian
  int Data::*value;
  Coding coding = plain;
};

using V = VehicleData;
constexpr Field<V> kVehicle[] = {
    {0x100, 0, 1, &V::min_charge_a},
    {0x100, 1, 1, &V::max_charge_a},
    {0x100, 2, 2, &V::min_battery_v},
    {0x100, 4, 2, &V::max_battery_v},
    {0x100, 6, 1, &V::soc_constant},
    {0x101, 1, 1, &V::max_time_10s},
    {0x101, 2, 1, &V::max_time_min},
    {0x101, 3, 1, &V::estimated_min},
    {0x101, 5, 2, &V::capacity_kwh01},
    {0x102, 0, 1, &V::protocol},
    {0x102, 1, 2, &V::target_v},
    {0x102, 3, 1, &V::request_a},
    {0x102, 4, 1, &V::faults},
    {0x102, 5, 1, &V::status},
    {0x102, 6, 1, &V::soc},
    {0x110, 0, 1, &V::extended_control},
    {0x110, 1, 2, &V::extended_current_a},
    {0x200, 0, 1, &V::discharge_a, inverted},
    {0x200, 4, 2, &V::min_discharge_v},
    {0x200, 6, 1, &V::min_level},
    {0x200, 7, 1, &V::max_level},
    {0x201, 0, 1, &V::sequence},
    {0x201, 1, 2, &V::discharge_min},
    {0x201, 3, 2, &V::available_kwh01},
};

using C = ChargerData;
constexpr Field<C> kCharger[] = {
    {0x108, 0, 1, &C::weld_detection},
    {0x108, 1, 2, &C::available_v},
    {0x108, 3, 1, &C::available_a},
    {0x108, 4, 2, &C::threshold_v},
    {0x109, 0, 1, &C::protocol},
    {0x109, 1, 2, &C::present_v},
    {0x109, 3, 1, &C::present_a},
    {0x109, 4, 1, &C::discharge_compatible},
    {0x109, 5, 1, &C::status},
    {0x109, 6, 1, &C::remaining_10s},
    {0x109, 7, 1, &C::remaining_min},
    {0x118, 0, 1, &C::extended_control},
    {0x118, 1, 2, &C::extended_current_a},
    {0x208, 0, 1, &C::present_discharge_a, inverted},
    {0x208, 1, 2, &C::available_input_v},
    {0x208, 3, 1, &C::available_input_a, inverted},
    {0x208, 6, 2, &C::lower_threshold_v},
    {0x209, 0, 1, &C::sequence},
    {0x209, 1, 2, &C::remaining_discharge_min},
};

template <class Data, size_t N>
CanFrame encode_by(const Field<Data> (&fields)[N], std::uint16_t id, const Data& data) {
  CanFrame frame{id, {}};
  for (const Field<Data>& field : fields) {
    if (field.id != id) continue;
    const int largest = field.size == 1 ? 0xFF : 0xFFFF;
    int raw = std::clamp(data.*field.value, 0, largest);
    if (field.coding == inverted) raw = largest - raw;
    for (int i = 0; i < field.size; ++i) frame.data[field.byte + i] = static_cast<std::uint8_t>(raw >> (8 * i));
  }
  return frame;
}

template <class Data, size_t N>
bool decode_by(const Field<Data> (&fields)[N], const CanFrame& frame, Data& data) {
  bool known = false;
  for (const Field<Data>& field : fields) {
    if (field.id != frame.id) continue;
    int raw = 0;
    for (int i = 0; i < field.size; ++i) raw |= frame.data[field.byte + i] << (8 * i);
    data.*field.value = field.coding == inverted ? 0xFF - raw : raw;
    known = true;
  }
  return known;
}

double level_percent(int level, const VehicleData& vehicle) {
  if (vehicle.max_level <= 100 || vehicle.capacity_kwh01 == 0) return level;
  return std::round(100.0 * level / vehicle.capacity_kwh01);  // 0.1 kWh is coarser than the percent it stands for
}

}  // namespace

double min_soc_percent(const VehicleData& vehicle) {
  return level_percent(vehicle.min_level, vehicle);
}
double max_soc_percent(const VehicleData& vehicle) {
  return level_percent(vehicle.max_level, vehicle);
}

CanFrame encode(std::uint16_t id, const VehicleData& data) {
  return encode_by(kVehicle, id, data);
}
CanFrame encode(std::uint16_t id, const ChargerData& data) {
  return encode_by(kCharger, id, data);
}
bool decode(const CanFrame& frame, VehicleData& data) {
  return decode_by(kVehicle, frame, data);
}
bool decode(const CanFrame& frame, ChargerData& data) {
  return decode_by(kCharger, frame, data);
}

CanFrame without_measurements(CanFrame frame) {
  if (frame.id == 0x109) frame.data[1] = frame.data[2] = frame.data[3] = 0;
  if (frame.id == 0x208) frame.data[0] = 0;
  return frame;
}

}  // namespace v2x::ev
