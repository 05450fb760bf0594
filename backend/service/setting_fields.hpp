// The settings of a gateway that people see and change (SET-10 … SET-19), and those of AI control (SET-20).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "backend/service/fields.hpp"

namespace v2x::service {

const std::vector<FieldGroup>& device_setting_fields();
/// The same with the choices that the gateway said last it offers (SET-11), and the values in force. `known`: all that
/// it said; a setting whose candidates it doesn't tell has all of the form's.
std::vector<FieldGroup> device_setting_fields(const Form& known);
const std::vector<FieldGroup>& ai_fields();

/// Whether a gateway tells by this name what may be chosen of a setting, 「socEconomyMode.candidates」.
bool tells_candidates(std::string_view name);

/// What a gateway reports as the form shows it, and the way back: all settings of the form, unchecked boxes as 0.
Form form_of_settings(const Form& values);
Form settings_in(const Form& form);
/// As errors_in() of what the gateway offers, and what single fields can't tell: charging and discharging at one time.
FieldErrors setting_errors(const Form& known, const Form& form);

/// An item of the 設定変更履歴: a field of the form by its first name, or a setting that no form shows.
struct ChangedItem {
  std::string item;
  std::string old_value;
  std::string new_value;
};
/// What differs of what `now` names; what may be chosen is no setting.
std::vector<ChangedItem> changed_items(const Form& before, const Form& now);
/// 「充電時間帯」, 「23:00~07:00」; the name or value itself when nothing is known of it.
std::string item_label(const std::string& item);
std::string item_text(const std::string& item, const std::string& value);

}  // namespace v2x::service
