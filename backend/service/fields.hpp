// The fields that people fill in: one table that pages render, rules check and confirmation pages repeat.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backend/model/account.hpp"
#include "backend/service/form.hpp"

namespace v2x::service {

/// How an input is shown and which keyboard a phone offers.
enum class InputKind { text, mail, digits, password, prefecture, checkbox, choice };

/// What an InputKind::choice can be.
struct Choice {
  std::string value;
  std::string text;
};

/// One entry of service.md's table: one or more inputs that are judged together.
struct Field {
  std::string_view requirement;         ///< "REG-05"
  std::string_view row;                 ///< label of the row; neighbours with the same one share it (姓, 名)
  std::string_view label;               ///< as error texts call it
  std::vector<std::string_view> names;  ///< of its inputs; errors stand at the first
  std::vector<std::string_view> hints;  ///< placeholders, one per input
  bool required = true;
  InputKind kind = InputKind::text;
  std::string_view note;  ///< 「※…」, a line each
  std::string_view error;
  bool (*accepts)(const Field&, const Form&) = nullptr;  ///< given complete, trimmed values
  std::string_view autocomplete = "off";
  std::string_view missing = "";  ///< what to say when it is empty; by default 「{label}を入力してください。」
  std::vector<std::vector<Choice>> choices = {};  ///< of a choice, for each input
  std::vector<std::string_view> marks = {};       ///< before each input; by default 「-」 between them
};

struct FieldGroup {
  std::string_view title;
  std::vector<Field> fields;
};

/// R02: groups U, C, G, S. D02: 販売店様情報 with the person in charge.
const std::vector<FieldGroup>& customer_registration_fields();
const std::vector<FieldGroup>& dealer_registration_fields();
/// R21: G. R22: S.
const std::vector<FieldGroup>& gateway_fields();
const std::vector<FieldGroup>& site_fields();
/// R06, D06, R12, D12: password, its confirmation, telephone.
const std::vector<FieldGroup>& password_fields();
/// R63, D41: the current password and the new one twice.
const std::vector<FieldGroup>& password_change_fields();
/// R34: the password again, before something ends.
const std::vector<FieldGroup>& password_check_fields();
/// R66, D43: the password again and a check that it is meant.
const std::vector<FieldGroup>& closing_fields();
/// R60: U, C. D40: as D02. Both with the current password, which counts when mail or telephone change.
const std::vector<FieldGroup>& profile_fields(model::AccountKind kind);
/// R65.
const std::vector<FieldGroup>& notify_fields();
/// R11, D11: whose password to reset; what shows who somebody is that forgot the ID.
const std::vector<FieldGroup>& reset_fields(model::AccountKind kind);
const std::vector<FieldGroup>& find_id_fields(model::AccountKind kind);
/// R08: the address to mail to again.
const std::vector<FieldGroup>& resend_fields();
/// R41: 販売店ID and telephone. D31: a contact.
const std::vector<FieldGroup>& link_fields();
const std::vector<FieldGroup>& contact_fields();

/// The named inputs of `groups` out of what was posted: trimmed, gateway ids raised; absent ones are empty.
Form taken(std::span<const FieldGroup> groups, const Form& posted);
/// All errors at once, in the order of the page.
FieldErrors errors_in(std::span<const FieldGroup> groups, const Form& form);
bool has_error(const FieldErrors& errors, std::string_view name);
/// `form` without passwords: what a draft may keep.
Form without_passwords(std::span<const FieldGroup> groups, Form form);

/// The values of a form that passed.
model::Person person_in(const Form& form);
model::Site site_in(const Form& form);
std::string telephone_in(const Form& form, std::string_view prefix = "tel");

/// The way back: what a form shows that edits them.
Form form_of(const model::Person& person);
Form form_of(const model::Site& site);

inline constexpr std::string_view kWrongGateway =
    "ゲートウェイIDまたはゲートウェイパスワードが正しくありません。";  // REG-12
inline constexpr std::string_view kWrongPassword = "パスワードが正しくありません。";

}  // namespace v2x::service
