// Sun, air and panels around one house at a plant step.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "sim/house/house_config.hpp"
#include "sim/plant/climate.hpp"

namespace v2x::house {

/// Holds what lasts until the next plant step.
class Surroundings {
 public:
  Surroundings(const HouseConfig& config, std::uint64_t seed, Time start);

  void advance_to(Time t);
  /// What the strings of the n-th PV unit (from 0) offer.
  std::span<const power::DcSource> strings(size_t pv_unit) const { return arrays_[pv_unit].sources; }
  std::span<const double> plane_irradiance(size_t pv_unit) const { return arrays_[pv_unit].poa; }

  bool has_panels() const { return !arrays_.empty(); }
  double irradiance() const { return irradiance_; }
  double clearness() const { return clear_ > 0 ? irradiance_ / clear_ : 0; }
  double ambient_c() const { return ambient_c_; }
  double sun_elevation_deg() const { return sun_.elevation_deg(); }
  /// No light: the sun is down and nobody pins the irradiance.
  bool dark() const { return irradiance_ <= 0; }

  std::optional<double> pinned_irradiance;
  std::optional<double> pinned_ambient_c;

 private:
  struct Array {
    std::vector<plant::PvStringConfig> strings;
    std::vector<plant::TiltedPlane> planes;
    std::vector<bool> like_before;  ///< the same panels in the same plane as the string before: computed once
    std::vector<double> poa;
    std::vector<power::DcSource> sources;
  };

  double natural(Time t);

  plant::Sun sun_over_;
  std::optional<double> constant_irradiance_;
  std::optional<plant::IrradianceCurve> curve_;
  plant::Sky sky_;
  plant::Climate climate_;
  std::vector<Array> arrays_;
  plant::SunPosition sun_;
  double irradiance_ = 0, clear_ = 0, ambient_c_ = 0;
};

}  // namespace v2x::house
