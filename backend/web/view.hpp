// Data for the templates: fields, confirmation rows, gateways, steps.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "backend/service/fields.hpp"
#include "backend/service/linking.hpp"
#include "backend/web/templates.hpp"

namespace v2x::web {

/// Paragraphs of a text, for the templates "terms" and "campaign".
Data paragraphs_view(const std::vector<std::string>& paragraphs);
/// Groups of rows with inputs, values and errors: for the template "form".
Data fields_view(std::span<const service::FieldGroup> groups, const service::Form& form,
                 const service::FieldErrors& errors);
/// All errors together, for #errors.
Data errors_view(const service::FieldErrors& errors);
/// Groups of rows with values as #val-<name>: for the template "confirm".
Data values_view(std::span<const service::FieldGroup> groups, const service::Form& form);

/// How a new password must be (REG-15), as the pages say it that ask for one.
inline constexpr std::string_view kPasswordRule =
    "パスワードは8文字以上16文字以内かつ、英小文字、英大文字、数字をすべて含んだものをご入力ください。";

/// Texts under the title.
Data texts_view(std::initializer_list<std::string_view> texts);
/// What 「お客様の住所と同じ」 copies where the customer's own address is not on the page.
Data own_address_view(const model::Account& account);
/// What an act will end, as a list under a heading.
Data consequences_view(const char* heading, std::initializer_list<const char*> texts);
/// A dealer's ID, name and telephone number, as confirmation pages show them.
Data dealer_view(const model::Account& dealer, const char* heading);
Data menu_entry(const char* id, const char* text, const char* path);
/// 入力 → 確認 → 完了, `current` counted from 0.
Data steps_view(int current);

/// A gateway's blocks: ゲートウェイ, 案件, 設置先住所, パワーコンディショナ構成情報.
Data gateway_view(const service::GatewayDevice& device);
Data site_view(const model::Site& site);
Data units_view(const service::GatewayDevice& device);
Data dealers_view(const std::vector<model::Account>& dealers);
/// 「2018/01/01 00:00」 or 「未接続」.
std::string first_contact_text(const service::GatewayDevice& device);
std::string address_text(const model::PostalAddress& address);

}  // namespace v2x::web
