#include "backend/service/setting_fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "backend/model/day_window.hpp"
#include "backend/service/field_rules.hpp"

namespace v2x::service {
namespace {

using Choices = std::vector<Choice>;

constexpr std::string_view kOverlap = "充電時間帯と放電時間帯が重なっています。";
constexpr const char* kNoLimit = "65535";  // SET-16
constexpr const char* kNightCeiling = "night_ceiling";
constexpr std::string_view kCandidates = ".candidates";  // after a setting's name: what may be chosen, 「30..80/10」
constexpr const char* kSeparator = ",";                  // between the parts of an item's value

Choices numbers(int least, int most, int step, const char* unit) {
  Choices choices;
  for (int value = least; value <= most; value += step)
    choices.push_back({std::to_string(value), fmt::format("{}{}", value, unit)});
  return choices;
}

Choices clock_parts(int most, int step) {
  Choices choices;
  for (int value = 0; value <= most; value += step)
    choices.push_back({std::to_string(value), fmt::format("{:02}", value)});
  return choices;
}

Choices outage_powers() {
  Choices choices = {{kNoLimit, "上限なし"}};
  for (Choice& power : numbers(0, 6000, 100, " W")) choices.push_back(std::move(power));
  return choices;
}

Choices contracts() {
  Choices choices;
  for (const int amperes : {30, 40, 50, 60, 75, 100})
    choices.push_back({std::to_string(amperes), fmt::format("{} A", amperes)});
  return choices;
}

Choices yes_no() {
  return {{"1", "あり"}, {"0", "なし"}};
}

/// One choice; `label` is the row's, too.
Field choice(std::string_view requirement, std::string_view label, std::string_view name, Choices choices,
             std::string_view error, std::string_view note = "") {
  Field field{requirement, label, label, {name}, {""}, true, InputKind::choice, note, error, is_choice};
  field.missing = error;
  field.choices = {std::move(choices)};
  return field;
}

Field window(std::string_view requirement, std::string_view label, std::vector<std::string_view> names,
             std::string_view error) {
  Field field{requirement,       label, label, std::move(names), {"時", "分", "時", "分"}, true,
              InputKind::choice, "",    error, is_window};
  field.missing = error;
  const Choices hours = clock_parts(23, 1), minutes = clock_parts(50, 10);
  field.choices = {hours, minutes, hours, minutes};
  field.marks = {"", ":", "~", ":"};
  return field;
}

Field weekdays() {
  Field field{"SET-14",
              "放電する曜日",
              "放電する曜日",
              {"dischargeDaySun", "dischargeDayMon", "dischargeDayTue", "dischargeDayWed", "dischargeDayThu",
               "dischargeDayFri", "dischargeDaySat"},
              {"日", "月", "火", "水", "木", "金", "土"},
              false,
              InputKind::checkbox,
              "",
              "放電する曜日の値が正しくありません。",
              is_anything};
  field.marks = {"", "", "", "", "", "", ""};
  return field;
}

Field prefecture(std::string_view label, std::string_view name, std::string_view error) {
  Field field{"SET-20", label, label,        {name}, {"選択してください"}, true, InputKind::prefecture,
              "",       error, is_prefecture};
  field.missing = error;
  return field;
}

std::chrono::minutes time_in(const Form& form, std::string_view prefix) {
  const auto part = [&](const char* end) {
    const std::string text = entered(form, std::string(prefix) + end);
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  };
  return std::chrono::minutes(part("H") * 60 + part("M"));
}

model::DayWindow window_in(const Form& form, const std::string& prefix) {
  return {time_in(form, prefix + "StartTime"), time_in(form, prefix + "EndTime")};
}

const Field* find_field(std::string_view name) {
  for (const auto* groups : {&device_setting_fields(), &ai_fields()})
    for (const FieldGroup& group : *groups)
      for (const Field& field : group.fields)
        if (std::find(field.names.begin(), field.names.end(), name) != field.names.end()) return &field;
  return nullptr;
}

std::string joined_values(const Field& field, const Form& values) {
  std::vector<std::string> parts;
  for (const auto name : field.names) parts.push_back(entered(values, name));
  return fmt::format("{}", fmt::join(parts, kSeparator));
}

/// 「30..80/10」: 30 to 80 by 10.
struct Range {
  int least = 0;
  int most = 0;
  int step = 1;

  bool has(int value) const { return value >= least && value <= most && (value - least) % step == 0; }
};

std::optional<int> number_of(std::string_view text) {
  int number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// nullopt when it is no range: then the gateway is taken as one that tells none.
std::optional<Range> range_of(std::string_view text) {
  const size_t dots = text.find(".."), slash = text.find('/');
  if (dots == std::string_view::npos || slash == std::string_view::npos || slash < dots) return std::nullopt;
  const auto least = number_of(text.substr(0, dots)), most = number_of(text.substr(dots + 2, slash - dots - 2)),
             step = number_of(text.substr(slash + 1));
  if (!least || !most || !step || *step < 1) return std::nullopt;
  return Range{*least, *most, *step};
}

/// Takes away what the gateway does not offer; what is in force stays, so that other settings can be changed beside it.
void keep_offered(Field& field, const Form& known) {
  const std::string name(field.names[0]);
  const auto range = range_of(entered(known, name + std::string(kCandidates)));
  if (!range) return;
  const std::string in_force = entered(known, name);
  std::erase_if(field.choices[0], [&](const Choice& choice) {
    const auto number = number_of(choice.value);
    return choice.value != in_force && !(number && range->has(*number));
  });
}

std::string choice_text(const Choices& choices, const std::string& value) {
  const auto found = std::find_if(choices.begin(), choices.end(), [&](const Choice& c) { return c.value == value; });
  return found == choices.end() ? value : found->text;
}

}  // namespace

const std::vector<FieldGroup>& device_setting_fields() {
  static const std::vector<FieldGroup> groups = {
      {"運転",
       {choice("SET-10", "運転モード", "operatingMode",
               {{"standby", "待機"},
                {"green", "グリーンモード"},
                {"economy", "経済モード"},
                {"safety", "安心モード"},
                {"charge", "強制充電"},
                {"discharge", "強制放電"}},
               "運転モードの値が正しくありません。"),
        choice("SET-19", "強制充電の電力", "chargePowerW", numbers(1000, 6000, 100, " W"),
               "強制充電の電力の値が正しくありません。"),
        choice("SET-19", "強制放電の電力", "dischargePowerW", numbers(1000, 6000, 100, " W"),
               "強制放電の電力の値が正しくありません。"),
        choice("SET-17", "契約電流", "agreementAmpere", contracts(), "契約電流の値が正しくありません。")}},
      {"蓄電残量",
       {choice("SET-11", "安心モードの放電下限", "socSafetyMode", numbers(10, 90, 10, " %"),
               "安心モードの放電下限の値が正しくありません。"),
        choice("SET-11", "経済・グリーンモードの放電下限", "socEconomyMode", numbers(10, 90, 10, " %"),
               "経済・グリーンモードの放電下限の値が正しくありません。"),
        choice("SET-12", "充電上限", "socChargeMode", numbers(50, 100, 10, " %"), "充電上限の値が正しくありません。")}},
      {"時間帯",
       {window("SET-13", "充電時間帯", {"chargeStartTimeH", "chargeStartTimeM", "chargeEndTimeH", "chargeEndTimeM"},
               "充電時間帯の値が正しくありません。"),
        window("SET-14", "放電時間帯",
               {"dischargeStartTimeH", "dischargeStartTimeM", "dischargeEndTimeH", "dischargeEndTimeM"},
               "放電時間帯の値が正しくありません。"),
        weekdays()}},
      {"停電時",
       {choice("SET-15", "停電時の動作", "onPowerOutageMode", {{"self_sustain", "自立運転"}, {"standby", "待機"}},
               "停電時の動作の値が正しくありません。"),
        choice("SET-16", "停電時の充電電力", "onPowerOutageChargePowerW", outage_powers(),
               "停電時の充電電力の値が正しくありません。"),
        choice("SET-18", "自立運転時の放電下限", "outageFloor", numbers(10, 50, 10, " %"),
               "自立運転時の放電下限の値が正しくありません。")}}};
  return groups;
}

std::vector<FieldGroup> device_setting_fields(const Form& known) {
  std::vector<FieldGroup> groups = device_setting_fields();
  for (FieldGroup& group : groups)
    for (Field& field : group.fields)
      if (field.kind == InputKind::choice && field.names.size() == 1) keep_offered(field, known);
  return groups;
}

bool tells_candidates(std::string_view name) {
  return name.ends_with(kCandidates);
}

const std::vector<FieldGroup>& ai_fields() {
  static const std::vector<FieldGroup> groups = {
      {"夜間充電",
       {prefecture("天気予報区域", "forecastArea", "天気予報区域の値が正しくありません。"),
        choice("SET-20", "翌日の天気予報で夜間充電制御", "aiNightCharge", yes_no(),
               "翌日の天気予報で夜間充電制御の値が正しくありません。",
               "※毎日17:05に翌日の天気予報を取得し、グリーンモードの夜間充電の上限を0~50%の範囲で自動設定します。")}},
      {"警報",
       {prefecture("警報区域", "warningArea", "警報区域の値が正しくありません。"),
        choice("SET-20", "警報発令時の充電", "aiWarningCharge", yes_no(), "警報発令時の充電の値が正しくありません。",
               "※警報が発令されている間は充電上限まで充電し、解除されると元の運転モードに戻します。")}}};
  return groups;
}

Form form_of_settings(const Form& values) {
  Form form;
  for (const FieldGroup& group : device_setting_fields())
    for (const Field& field : group.fields)
      for (const auto name : field.names) {
        const std::string value = entered(values, name);
        form[std::string(name)] = field.kind == InputKind::checkbox && value == "0" ? "" : value;
      }
  return form;
}

Form settings_in(const Form& form) {
  Form values;
  for (const FieldGroup& group : device_setting_fields())
    for (const Field& field : group.fields)
      for (const auto name : field.names) {
        const std::string value = entered(form, name);
        values[std::string(name)] = field.kind == InputKind::checkbox ? (value.empty() ? "0" : "1") : value;
      }
  return values;
}

FieldErrors setting_errors(const Form& known, const Form& form) {
  FieldErrors errors = errors_in(device_setting_fields(known), form);
  const bool windows_good = !has_error(errors, "chargeStartTimeH") && !has_error(errors, "dischargeStartTimeH");
  if (windows_good && window_in(form, "charge").overlaps(window_in(form, "discharge")))
    errors.push_back({"dischargeStartTimeH", std::string(kOverlap)});
  return errors;
}

std::vector<ChangedItem> changed_items(const Form& before, const Form& now) {
  std::vector<ChangedItem> items;
  Form after = before;
  for (const auto& [name, value] : now) after[name] = value;
  std::vector<const Field*> seen;
  for (const auto& [name, value] : now) {
    if (tells_candidates(name)) continue;
    const Field* field = find_field(name);
    if (std::find(seen.begin(), seen.end(), field) != seen.end() && field) continue;
    seen.push_back(field);
    ChangedItem item =
        field ? ChangedItem{std::string(field->names[0]), joined_values(*field, before), joined_values(*field, after)}
              : ChangedItem{name, entered(before, name), value};
    if (item.old_value != item.new_value) items.push_back(std::move(item));
  }
  return items;
}

std::string item_label(const std::string& item) {
  if (item == kNightCeiling) return "夜間充電の上限";
  const Field* field = find_field(item);
  return field ? std::string(field->label) : item;
}

std::string item_text(const std::string& item, const std::string& value) {
  if (value.empty()) return "-";
  if (item == kNightCeiling) return value + " %";
  const Field* field = find_field(item);
  if (!field) return value;
  std::string text;
  size_t from = 0;
  for (size_t i = 0; i < field->names.size() && from <= value.size(); ++i) {
    const size_t to = std::min(value.find(kSeparator, from), value.size());
    const std::string part = value.substr(from, to - from);
    if (field->kind == InputKind::checkbox) {
      if (part == "1") text += field->hints[i];
    } else {
      if (!field->marks.empty()) text += field->marks[i];
      text += field->kind == InputKind::choice ? choice_text(field->choices[i], part) : part;
    }
    from = to + 1;
  }
  return text.empty() ? "なし" : text;
}

}  // namespace v2x::service
