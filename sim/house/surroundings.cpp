#include "sim/house/surroundings.hpp"

namespace v2x::house {

Surroundings::Surroundings(const HouseConfig& config, std::uint64_t seed, Time start)
    : sun_over_(config.place),
      constant_irradiance_(config.irradiance),
      curve_(config.irradiance_curve),
      sky_({config.site, config.weather, seed}, start),
      climate_(config.prefecture, config.ambient_c) {
  for (const UnitConfig& unit : config.units) {
    if (unit.kind != UnitKind::pv_pcs) continue;
    const size_t count = unit.strings.size();
    Array array{unit.strings, {}, {}, std::vector<double>(count), std::vector<power::DcSource>(count)};
    for (size_t i = 0; i < unit.strings.size(); ++i) {
      array.planes.emplace_back(config.place, unit.strings[i].tilt_deg, unit.strings[i].azimuth_deg);
      array.like_before.push_back(i > 0 && unit.strings[i] == unit.strings[i - 1]);
    }
    arrays_.push_back(std::move(array));
  }
}

/// Irradiance that nobody pins.
double Surroundings::natural(Time t) {
  if (constant_irradiance_) return *constant_irradiance_;
  if (curve_) return curve_->at(t);
  return clear_ > 0 ? sky_.clearness(t) * clear_ : 0;
}

void Surroundings::advance_to(Time t) {
  sun_ = sun_over_.at(t);
  clear_ = plant::clear_sky(sun_.cos_zenith);
  irradiance_ = pinned_irradiance ? *pinned_irradiance : natural(t);
  ambient_c_ = pinned_ambient_c ? *pinned_ambient_c : climate_.ambient_c(t);
  const plant::Irradiance light = plant::split(irradiance_, sun_);
  for (Array& array : arrays_)
    for (size_t i = 0; i < array.strings.size(); ++i) {
      if (array.like_before[i]) {
        array.poa[i] = array.poa[i - 1];
        array.sources[i] = array.sources[i - 1];
        continue;
      }
      array.poa[i] = dark() ? 0 : array.planes[i].irradiance(sun_, light);
      array.sources[i] = plant::string_output(array.strings[i], array.poa[i], ambient_c_);
    }
}

}  // namespace v2x::house
