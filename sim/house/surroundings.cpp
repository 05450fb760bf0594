#include "sim/house/surroundings.hpp"

#include "sim/plant/climate.hpp"

namespace v2x::house {

Surroundings::Surroundings(const HouseConfig& config)
    : place_(config.place), constant_irradiance_(config.irradiance), constant_ambient_c_(config.ambient_c) {
  for (const UnitConfig& unit : config.units) {
    if (unit.kind != UnitKind::pv_pcs) continue;
    Array array{
        unit.strings, {}, std::vector<double>(unit.strings.size()), std::vector<power::DcSource>(unit.strings.size())};
    for (const plant::PvStringConfig& string : unit.strings)
      array.planes.emplace_back(place_, string.tilt_deg, string.azimuth_deg);
    arrays_.push_back(std::move(array));
  }
}

void Surroundings::advance_to(Time t) {
  sun_ = plant::sun_position(place_, t);
  clear_ = plant::clear_sky(sun_.cos_zenith);
  irradiance_ = pinned_irradiance.value_or(constant_irradiance_.value_or(clear_));
  ambient_c_ = pinned_ambient_c.value_or(plant::ambient_c(constant_ambient_c_, t));
  const plant::Irradiance light = plant::split(irradiance_, sun_);
  for (Array& array : arrays_)
    for (size_t i = 0; i < array.strings.size(); ++i) {
      array.poa[i] = dark() ? 0 : array.planes[i].irradiance(sun_, light);
      array.sources[i] = plant::string_output(array.strings[i], array.poa[i], ambient_c_);
    }
}

}  // namespace v2x::house
