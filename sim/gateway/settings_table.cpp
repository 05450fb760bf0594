#include "sim/gateway/settings_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <span>
#include <sstream>

#include "common/nearest.hpp"

namespace v2x::gateway {
namespace {

using std::chrono::minutes;

/// One setting: a word or a whole number in a range, or one of a few numbers.
struct Rule {
  std::string_view name;
  std::span<const std::string_view> words;
  int least = 0;
  int most = 0;
  int step = 1;
  std::span<const int> only;  ///< instead of the range
  std::optional<int> also;    ///< beside the range
  int (*get)(const EnergySettings&) = nullptr;
  void (*set)(EnergySettings&, int) = nullptr;
};

constexpr std::string_view kModes[] = {"standby", "green", "economy", "charge", "safety", "discharge"};
constexpr std::string_view kOutageModes[] = {"standby", "self_sustain"};
constexpr int kContracts[] = {30, 40, 50, 60, 75, 100};  // A

template <auto Member>
int get_number(const EnergySettings& settings) {
  return static_cast<int>(settings.*Member);
}
template <auto Member>
void set_number(EnergySettings& settings, int value) {
  settings.*Member = static_cast<std::decay_t<decltype(settings.*Member)>>(value);
}
template <auto Member>
Rule number(std::string_view name, int least, int most, int step, std::optional<int> also = {}) {
  return {name, {}, least, most, step, {}, also, get_number<Member>, set_number<Member>};
}
template <auto Member>
Rule word(std::string_view name, std::span<const std::string_view> words) {
  return {name, words, 0, 0, 1, {}, {}, get_number<Member>, set_number<Member>};
}

/// Hours and minutes of a window's edge are two settings.
template <auto Window, auto Edge>
Rule hours_of(std::string_view name) {
  return {name,
          {},
          0,
          23,
          1,
          {},
          {},
          [](const EnergySettings& s) { return static_cast<int>((s.*Window.*Edge).count() / 60); },
          [](EnergySettings& s, int value) { s.*Window.*Edge = minutes(value * 60 + (s.*Window.*Edge).count() % 60); }};
}
template <auto Window, auto Edge>
Rule minutes_of(std::string_view name) {
  return {name,
          {},
          0,
          50,
          10,
          {},
          {},
          [](const EnergySettings& s) { return static_cast<int>((s.*Window.*Edge).count() % 60); },
          [](EnergySettings& s, int value) { s.*Window.*Edge = minutes((s.*Window.*Edge).count() / 60 * 60 + value); }};
}

template <size_t Day>
Rule day(std::string_view name) {
  return {name,
          {},
          0,
          1,
          1,
          {},
          {},
          [](const EnergySettings& s) { return s.discharge_days[Day] ? 1 : 0; },
          [](EnergySettings& s, int value) { s.discharge_days[Day] = value != 0; }};
}

const std::vector<Rule>& rules() {
  using S = EnergySettings;
  using W = DayWindow;
  static const std::vector<Rule> table = {
      word<&S::mode>("operatingMode", kModes),
      number<&S::safety_floor_pct>("socSafetyMode", 10, 90, 10),
      number<&S::economy_floor_pct>("socEconomyMode", 10, 90, 10),
      number<&S::ceiling_pct>("socChargeMode", 50, 100, 10),
      number<&S::night_ceiling_pct>("night_ceiling", 0, 50, 1),
      number<&S::contact_soc_pct>("socContactInput", 10, 100, 10),
      hours_of<&S::charge_window, &W::start>("chargeStartTimeH"),
      minutes_of<&S::charge_window, &W::start>("chargeStartTimeM"),
      hours_of<&S::charge_window, &W::end>("chargeEndTimeH"),
      minutes_of<&S::charge_window, &W::end>("chargeEndTimeM"),
      hours_of<&S::discharge_window, &W::start>("dischargeStartTimeH"),
      minutes_of<&S::discharge_window, &W::start>("dischargeStartTimeM"),
      hours_of<&S::discharge_window, &W::end>("dischargeEndTimeH"),
      minutes_of<&S::discharge_window, &W::end>("dischargeEndTimeM"),
      day<0>("dischargeDaySun"),
      day<1>("dischargeDayMon"),
      day<2>("dischargeDayTue"),
      day<3>("dischargeDayWed"),
      day<4>("dischargeDayThu"),
      day<5>("dischargeDayFri"),
      day<6>("dischargeDaySat"),
      word<&S::outage_mode>("onPowerOutageMode", kOutageModes),
      number<&S::outage_charge_w>("onPowerOutageChargePowerW", 0, 6000, 100, static_cast<int>(S::kNoLimit_w)),
      {"agreementAmpere", {}, 0, 0, 1, kContracts, {}, get_number<&S::contract_a>, set_number<&S::contract_a>},
      number<&S::outage_floor_pct>("outageFloor", 10, 50, 10),
      number<&S::charge_w>("chargePowerW", 1000, 6000, 100),
      number<&S::discharge_w>("dischargePowerW", 1000, 6000, 100),
  };
  return table;
}

const Rule* find_rule(std::string_view name) {
  const auto found = std::find_if(rules().begin(), rules().end(), [&](const Rule& rule) { return rule.name == name; });
  return found == rules().end() ? nullptr : &*found;
}

std::string value_text(const Rule& rule, const EnergySettings& settings) {
  const int value = rule.get(settings);
  return rule.words.empty() ? std::to_string(value) : std::string(rule.words[static_cast<size_t>(value)]);
}

std::optional<int> word_value(const Rule& rule, std::string_view text) {
  const auto found = std::find(rule.words.begin(), rule.words.end(), text);
  if (found == rule.words.end()) return std::nullopt;
  return static_cast<int>(found - rule.words.begin());
}

std::optional<int> number_value(const Rule& rule, std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (rule.also == value) return value;
  if (!rule.only.empty()) {
    const bool found = std::find(rule.only.begin(), rule.only.end(), value) != rule.only.end();
    return found ? std::optional(value) : std::nullopt;
  }
  if (value < rule.least || value > rule.most || (value - rule.least) % rule.step != 0) return std::nullopt;
  return value;
}

std::optional<int> read_value(const Rule& rule, std::string_view text) {
  return rule.words.empty() ? number_value(rule, text) : word_value(rule, text);
}

std::string expected(const Rule& rule) {
  if (!rule.words.empty()) return fmt::format("{}", fmt::join(rule.words, ", "));
  if (!rule.only.empty()) return fmt::format("{}", fmt::join(rule.only, ", "));
  std::string text = fmt::format("{} to {}", rule.least, rule.most);
  if (rule.step != 1) text += fmt::format(" by {}", rule.step);
  if (rule.also) text += fmt::format(" or {}", *rule.also);
  return text;
}

Failure unknown(const std::string& name) {
  std::vector<std::string> names;
  for (const Rule& rule : rules()) names.emplace_back(rule.name);
  return fail("unknown_setting", unknown_word(name, "setting", names));
}

/// What single values cannot tell.
Status check_together(const EnergySettings& settings) {
  if (settings.charge_window.start == settings.charge_window.end)
    return fail("bad_setting", "chargeEndTime: equals chargeStartTime");
  if (settings.discharge_window.start == settings.discharge_window.end)
    return fail("bad_setting", "dischargeEndTime: equals dischargeStartTime");
  if (settings.charge_window.overlaps(settings.discharge_window))
    return fail("bad_setting", "dischargeStartTime: the window overlaps that of charging");
  return done();
}

void choose_mode(const EnergySettings& before, Time now, EnergySettings& settings) {
  if (!is_temporary(before.mode)) settings.mode_before = before.mode;
  settings.mode_since = now;
}

// Floors and ceilings that the car bounds, too: what lies outside would be shown and never done.
constexpr std::string_view kBoundByCar[] = {"socSafetyMode", "socEconomyMode", "socChargeMode", "outageFloor"};

constexpr std::string_view kModeBefore = "mode_before";
constexpr std::string_view kModeSince = "mode_since";

}  // namespace

std::vector<NamedSetting> list_settings(const EnergySettings& settings) {
  std::vector<NamedSetting> list;
  for (const Rule& rule : rules()) list.push_back({std::string(rule.name), value_text(rule, settings)});
  return list;
}

std::vector<NamedSetting> list_candidates(const SocRange& car) {
  std::vector<NamedSetting> list;
  if (!car.min_pct && !car.max_pct) return list;
  for (const std::string_view name : kBoundByCar) {
    const Rule& rule = *find_rule(name);
    // Both ends on the rule's own grid.
    const int steps_up = static_cast<int>(std::ceil((car.min_pct.value_or(rule.least) - rule.least) / rule.step));
    const int steps_down = static_cast<int>(std::ceil((rule.most - car.max_pct.value_or(rule.most)) / rule.step));
    const int least = rule.least + std::max(steps_up, 0) * rule.step;
    const int most = rule.most - std::max(steps_down, 0) * rule.step;
    if (least <= most)
      list.push_back({fmt::format("{}.candidates", name), fmt::format("{}..{}/{}", least, most, rule.step)});
  }
  return list;
}

std::vector<NamedSetting> changed_settings(const EnergySettings& before, const EnergySettings& now) {
  std::vector<NamedSetting> list;
  for (const Rule& rule : rules())
    if (rule.get(before) != rule.get(now)) list.push_back({std::string(rule.name), value_text(rule, now)});
  return list;
}

Result<EnergySettings> with_settings(const EnergySettings& settings, const std::vector<NamedSetting>& values,
                                     Time now) {
  EnergySettings changed = settings;
  for (const auto& [name, value] : values) {
    const Rule* rule = find_rule(name);
    if (rule == nullptr) return unknown(name);
    const auto number = read_value(*rule, value);
    if (!number) return fail("bad_setting", fmt::format("{}: '{}', expected {}", name, value, expected(*rule)));
    rule->set(changed, *number);
  }
  if (const Status fits = check_together(changed); !fits) return fail(fits.error());
  // The form always names a mode: the same one again does not make a temporary one last longer.
  if (changed.mode != settings.mode) choose_mode(settings, now, changed);
  return changed;
}

std::string settings_text(const EnergySettings& settings) {
  std::string text;
  for (const auto& [name, value] : list_settings(settings)) text += fmt::format("{} {}\n", name, value);
  text += fmt::format("{} {}\n", kModeBefore, kModes[static_cast<size_t>(settings.mode_before)]);
  text += fmt::format("{} {}\n", kModeSince, settings.mode_since.time_since_epoch().count());
  return text;
}

void restore_settings(std::string_view text, EnergySettings& settings) {
  std::istringstream lines{std::string(text)};
  std::string name, value;
  while (lines >> name >> value) {
    const bool before = name == kModeBefore;
    const Rule* rule = before ? &rules().front() : find_rule(name);
    if (name == kModeSince) settings.mode_since = Time(Duration(std::strtoll(value.c_str(), nullptr, 10)));
    const auto number = rule == nullptr ? std::nullopt : read_value(*rule, value);
    if (!number) continue;
    if (before) {
      settings.mode_before = static_cast<OperatingMode>(*number);
    } else {
      rule->set(settings, *number);
    }
  }
}

}  // namespace v2x::gateway
