// The settings by name: what may be written, in which range, and the text forms of wire and spool.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.hpp"
#include "sim/gateway/energy_settings.hpp"

namespace v2x::gateway {

struct NamedSetting {
  std::string name;   ///< "operatingMode"
  std::string value;  ///< "green", "3000"
  bool operator==(const NamedSetting&) const = default;
};

/// All of them, in the order of the form.
std::vector<NamedSetting> list_settings(const EnergySettings& settings);
/// Those whose value differs, with the value of `now`.
std::vector<NamedSetting> changed_settings(const EnergySettings& before, const EnergySettings& now);

/// Between which charges (%) the car lets itself be used; absent: it doesn't say.
struct SocRange {
  std::optional<double> min_pct;
  std::optional<double> max_pct;
};
/// What the service may offer of a setting while this car is there: 「socEconomyMode.candidates」, 「30..80/10」 for 30
/// to 80 by 10. Only of settings that the car limits; empty when it doesn't say.
std::vector<NamedSetting> list_candidates(const SocRange& car);

/// `settings` with these values, or an error that names the first setting that is unknown or cannot be so. A new mode
/// is chosen at `now`.
Result<EnergySettings> with_settings(const EnergySettings& settings, const std::vector<NamedSetting>& values, Time now);

/// For the spool. What restore_settings() does not know or accept keeps its value.
std::string settings_text(const EnergySettings& settings);
void restore_settings(std::string_view text, EnergySettings& settings);

}  // namespace v2x::gateway
