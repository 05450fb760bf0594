#include "backend/service/field_parts.hpp"

#include "backend/service/field_rules.hpp"

namespace v2x::service {

std::vector<Field> name_fields() {
  return {
      {"REG-01",
       "氏名",
       "姓",
       {"sei"},
       {"姓"},
       true,
       InputKind::text,
       "※お名前は、姓名それぞれ全角14文字以内で入力してください。",
       "姓は全角14文字以内で入力してください。",
       is_name,
       "family-name"},
      {"REG-01",
       "氏名",
       "名",
       {"mei"},
       {"名"},
       true,
       InputKind::text,
       "",
       "名は全角14文字以内で入力してください。",
       is_name,
       "given-name"},
      {"REG-02",
       "フリガナ",
       "セイ",
       {"seiKana"},
       {"セイ"},
       true,
       InputKind::text,
       "",
       "セイは全角カタカナ14文字以内で入力してください。",
       is_kana},
      {"REG-02",
       "フリガナ",
       "メイ",
       {"meiKana"},
       {"メイ"},
       true,
       InputKind::text,
       "",
       "メイは全角カタカナ14文字以内で入力してください。",
       is_kana},
  };
}

std::vector<Field> mail_fields(std::string_view note) {
  return {
      {"REG-03",
       "メールアドレス",
       "メールアドレス",
       {"mail"},
       {"email@example.net"},
       true,
       InputKind::mail,
       note,
       "メールアドレスの形式が正しくありません。",
       is_mail,
       "email"},
      {"REG-04",
       "メールアドレス(確認用)",
       "メールアドレス(確認用)",
       {"mailConfirm"},
       {"email@example.net"},
       true,
       InputKind::mail,
       "",
       "メールアドレスが確認用と一致しません。",
       equals_mail,
       "email"},
  };
}

std::vector<Field> address_fields() {
  return {
      {"REG-05",
       "郵便番号",
       "郵便番号",
       {"zip1", "zip2"},
       {"000", "0000"},
       true,
       InputKind::digits,
       "",
       "郵便番号は半角数字3桁と4桁で入力してください。",
       is_zip},
      {"REG-06",
       "都道府県",
       "都道府県",
       {"pref"},
       {"都道府県"},
       true,
       InputKind::prefecture,
       "",
       "都道府県を選択してください。",
       is_prefecture,
       "address-level1"},
      {"REG-07",
       "市町村区",
       "市町村区",
       {"city"},
       {"市町村区"},
       true,
       InputKind::text,
       "",
       "市町村区は50文字以内で入力してください。",
       is_short_text,
       "address-level2"},
      {"REG-08",
       "それ以降の住所",
       "それ以降の住所",
       {"addr"},
       {"それ以降の住所 建物名"},
       true,
       InputKind::text,
       "",
       "それ以降の住所は100文字以内で入力してください。",
       is_address,
       "street-address"},
  };
}

Field telephone_field(std::string_view note) {
  return {"REG-09",
          "電話番号",
          "電話番号",
          {"tel1", "tel2", "tel3"},
          {"000", "0000", "0000"},
          true,
          InputKind::digits,
          note,
          "電話番号は市外局番から半角数字で入力してください。",
          is_telephone};
}

Field password_field(std::string_view label, std::string_view name, std::string_view autocomplete) {
  return {"AUTH-05", label, label, {name}, {""}, true, InputKind::password, "", "", is_anything, autocomplete};
}

std::vector<Field> new_password_fields() {
  return {{"REG-15",
           "パスワード",
           "パスワード",
           {"password"},
           {""},
           true,
           InputKind::password,
           "",
           "パスワードは8文字以上16文字以内で、英小文字、英大文字、数字をすべて含めてください。",
           is_password,
           "new-password"},
          {"REG-16",
           "パスワード(確認用)",
           "パスワード(確認用)",
           {"passwordConfirm"},
           {""},
           true,
           InputKind::password,
           "",
           "パスワードが確認用と一致しません。",
           equals_password,
           "new-password"}};
}

Field checkbox_field(std::string_view requirement, std::string_view label, std::string_view name, std::string_view hint,
                     std::string_view note) {
  return {requirement, label, label, {name}, {hint}, false, InputKind::checkbox, note, "", is_anything};
}

FieldGroup corporation_group() {
  return {"法人様情報(法人様のみ入力)",
          {{"REG-10",
            "法人名",
            "法人名",
            {"corpName"},
            {"XX法人XXX会社"},
            false,
            InputKind::text,
            "",
            "法人名は50文字以内で入力してください。",
            is_short_text,
            "organization"},
           {"REG-10",
            "部署名",
            "部署名",
            {"deptName"},
            {"部署"},
            false,
            InputKind::text,
            "",
            "部署名は50文字以内で入力してください。",
            is_short_text}}};
}

FieldGroup gateway_group() {
  return {"ゲートウェイ情報",
          {{"REG-11",
            "ゲートウェイID",
            "ゲートウェイID",
            {"gatewayId"},
            {""},
            true,
            InputKind::text,
            "",
            "ゲートウェイIDは半角英数字12文字で入力してください。",
            is_gateway_id},
           {"REG-12",
            "ゲートウェイパスワード",
            "ゲートウェイパスワード",
            {"gatewayPassword"},
            {""},
            true,
            InputKind::password,
            "※ゲートウェイID、ゲートウェイパスワードはゲートウェイに同梱の「遠隔モニタリングサービス "
            "ご登録にあたって」に記載されております。",
            kWrongGateway,
            is_printed_password}}};
}

FieldGroup site_name_group() {
  return {"案件",
          {{"REG-13",
            "設置先[案件]",
            "設置先",
            {"siteName"},
            {"XX株式会社 京都発電所"},
            true,
            InputKind::text,
            "取引ごとに設定し、検索などでゲートウェイを探しやすくするための名称です。",
            "設置先は50文字以内で入力してください。",
            is_short_text}}};
}

FieldGroup site_address_group() {
  std::vector<Field> fields = address_fields();
  const std::vector<std::vector<std::string_view>> names = {
      {"siteZip1", "siteZip2"}, {"sitePref"}, {"siteCity"}, {"siteAddr"}};
  for (size_t i = 0; i < fields.size(); ++i) {
    fields[i].requirement = "REG-14";
    fields[i].names = names[i];
    fields[i].autocomplete = "off";
  }
  return {"設置先住所", fields};
}

std::vector<Field> joined(std::initializer_list<std::vector<Field>> parts) {
  std::vector<Field> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace v2x::service
