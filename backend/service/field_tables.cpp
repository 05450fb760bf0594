// The tables of fields.hpp: which parts each form has, in the order of its page.
#include <initializer_list>

#include "backend/service/field_parts.hpp"
#include "backend/service/field_rules.hpp"
#include "backend/service/fields.hpp"

namespace v2x::service {
namespace {

constexpr std::string_view kTelephoneNote =
    "※仮登録時の認証に、ここで登録頂いた電話番号の入力が必要となりますので、記録しておくようお願いします。";

constexpr std::string_view kMailChangeNote =
    "※変更する場合は、新しいメールアドレスに確認のメールが届きます。メール本文中のURLから変更を完了するまで、"
    "これまでのメールアドレスでログインしてください。";

}  // namespace

const std::vector<FieldGroup>& customer_registration_fields() {
  static const std::vector<FieldGroup> groups = {
      {"ユーザ様情報",
       joined({name_fields(),
               mail_fields("※メールアドレスがログイン時のユーザIDになります。\n"
                           "※仮登録のお知らせメールが届きますので、「@kp-net.com」からの受信許可を設定願います。"),
               address_fields(),
               {telephone_field(kTelephoneNote)}})},
      corporation_group(),
      gateway_group(),
      site_name_group(),
      site_address_group()};
  return groups;
}

const std::vector<FieldGroup>& dealer_registration_fields() {
  static const std::vector<FieldGroup> groups = {
      {"販売店様情報",
       {{"D02",
         "販売店名",
         "販売店名",
         {"dealerName"},
         {"XX電気店"},
         true,
         InputKind::text,
         "",
         "販売店名は50文字以内で入力してください。",
         is_short_text,
         "organization"}}},
      {"担当者様情報",
       joined({name_fields(),
               mail_fields("※仮登録のお知らせメールが届きますので、「@kp-net.com」からの受信許可を設定願います。"),
               address_fields(),
               {telephone_field(kTelephoneNote)}})}};
  return groups;
}

const std::vector<FieldGroup>& gateway_fields() {
  static const std::vector<FieldGroup> groups = {gateway_group()};
  return groups;
}

const std::vector<FieldGroup>& site_fields() {
  static const std::vector<FieldGroup> groups = {site_name_group(), site_address_group()};
  return groups;
}

const std::vector<FieldGroup>& password_fields() {
  static const std::vector<FieldGroup> groups = {{"", joined({new_password_fields(), {telephone_field("")}})}};
  return groups;
}

const std::vector<FieldGroup>& password_change_fields() {
  static const std::vector<FieldGroup> groups = {
      {"",
       joined({{password_field("現在のパスワード", "currentPassword", "current-password")}, new_password_fields()})}};
  return groups;
}

const std::vector<FieldGroup>& password_check_fields() {
  static const std::vector<FieldGroup> groups = {
      {"ご本人の確認", {password_field("パスワード", "password", "current-password")}}};
  return groups;
}

const std::vector<FieldGroup>& closing_fields() {
  static const std::vector<FieldGroup> groups = [] {
    Field agree = checkbox_field("AUTH-12", "確認", "agree", "上記の内容を確認しました");
    agree.required = true;
    agree.missing = "内容を確認し、チェックを入れてください。";
    return std::vector<FieldGroup>{
        {"ご本人の確認", {password_field("パスワード", "password", "current-password"), agree}}};
  }();
  return groups;
}

const std::vector<FieldGroup>& profile_fields(model::AccountKind kind) {
  const auto build = [](std::vector<FieldGroup> groups) {
    groups.resize(2);  // who somebody is; a customer's gateway and site are edited elsewhere
    for (FieldGroup& group : groups)
      for (Field& field : group.fields) {
        if (field.names[0] == "mail") field.note = kMailChangeNote;
        if (field.names[0] == "tel1") field.note = "";
      }
    Field current = password_field("現在のパスワード", "currentPassword", "current-password");
    current.required = false;
    current.note = "※メールアドレスまたは電話番号を変更する場合は、現在のパスワードをご入力ください。";
    groups.push_back({"ご本人の確認", {current}});
    return groups;
  };
  static const std::vector<FieldGroup> customer = build(customer_registration_fields());
  static const std::vector<FieldGroup> dealer = build(dealer_registration_fields());
  return kind == model::AccountKind::customer ? customer : dealer;
}

const std::vector<FieldGroup>& notify_fields() {
  static const std::vector<FieldGroup> groups = {
      {"お知らせメール",
       {checkbox_field("ALARM-06", "異常通知", "notifyFault", "受け取る",
                       "※異常が発生したとき、および復旧したときにメールでお知らせします。"),
        checkbox_field("ALARM-06", "通信断通知", "notifyOffline", "受け取る",
                       "※ゲートウェイからの通信が途絶えたとき、および復旧したときにメールでお知らせします。")}}};
  return groups;
}

const std::vector<FieldGroup>& reset_fields(model::AccountKind kind) {
  const auto build = [](std::string_view note) {
    return std::vector<FieldGroup>{{"パスワードを忘れた場合",
                                    {{"AUTH-10",
                                      "ユーザID",
                                      "ユーザID",
                                      {"loginid"},
                                      {""},
                                      true,
                                      InputKind::text,
                                      note,
                                      "",
                                      is_anything,
                                      "username"}}}};
  };
  static const std::vector<FieldGroup> customer = build("※ご登録のメールアドレスをご入力ください。");
  static const std::vector<FieldGroup> dealer = build("※販売店IDをご入力ください。");
  return kind == model::AccountKind::customer ? customer : dealer;
}

const std::vector<FieldGroup>& find_id_fields(model::AccountKind kind) {
  static const std::vector<FieldGroup> customer = {
      {"ユーザIDを忘れた場合", joined({gateway_group().fields, {telephone_field("")}})}};
  static const std::vector<FieldGroup> dealer = {
      {"ユーザIDを忘れた場合", joined({{mail_fields("").front()}, {telephone_field("")}})}};
  return kind == model::AccountKind::customer ? customer : dealer;
}

const std::vector<FieldGroup>& resend_fields() {
  static const std::vector<FieldGroup> groups = {
      {"", {mail_fields("※登録時に入力されたメールアドレスをご入力ください。").front()}}};
  return groups;
}

const std::vector<FieldGroup>& link_fields() {
  static const std::vector<FieldGroup> groups = {{"保守を任せる販売店様",
                                                  {{"LINK-01",
                                                    "販売店ID",
                                                    "販売店ID",
                                                    {"dealerId"},
                                                    {"4001"},
                                                    true,
                                                    InputKind::digits,
                                                    "",
                                                    "販売店IDまたは電話番号が正しくありません。",
                                                    is_dealer_id},
                                                   {"LINK-01",
                                                    "電話番号",
                                                    "電話番号",
                                                    {"dealerTel1", "dealerTel2", "dealerTel3"},
                                                    {"000", "0000", "0000"},
                                                    true,
                                                    InputKind::digits,
                                                    "",
                                                    "電話番号は市外局番から半角数字で入力してください。",
                                                    is_telephone}}}};
  return groups;
}

const std::vector<FieldGroup>& contact_fields() {
  static const std::vector<FieldGroup> groups = {
      {"保守担当者",
       {{"DEAL-04",
         "氏名",
         "氏名",
         {"contactName"},
         {"保守 一郎"},
         true,
         InputKind::text,
         "",
         "氏名は30文字以内で入力してください。",
         is_contact_name,
         "name"},
        {"DEAL-04",
         "メールアドレス",
         "メールアドレス",
         {"contactMail"},
         {"email@example.net"},
         true,
         InputKind::mail,
         "※このメールアドレスに確認のメールが届きます。確認が完了するまで、異常のお知らせは送信されません。",
         "メールアドレスの形式が正しくありません。",
         is_mail,
         "email"},
        checkbox_field("DEAL-04", "異常通知", "notifyFault", "受け取る"),
        checkbox_field("DEAL-04", "通信断通知", "notifyOffline", "受け取る")}}};
  return groups;
}

}  // namespace v2x::service
