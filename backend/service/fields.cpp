#include "backend/service/fields.hpp"

#include <algorithm>

#include "backend/model/prefectures.hpp"
#include "backend/model/telephone.hpp"
#include "backend/service/text_rules.hpp"

namespace v2x::service {
namespace {

// Lengths in characters: REG-01 … REG-14, DEAL-04, D02.
constexpr int kNameLength = 14;
constexpr int kShortText = 50;
constexpr int kAddressLength = 100;
constexpr int kContactNameLength = 30;
constexpr size_t kPrintedPasswordLength = 32;
constexpr size_t kGatewayIdLength = 12;
constexpr size_t kMailLength = 254, kMailLocalLength = 64;
constexpr size_t kPasswordMin = 8, kPasswordMax = 16;

std::string value_of(const Field& field, const Form& form, size_t input = 0) {
  return entered(form, field.names[input]);
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_digits(std::string_view text, size_t least, size_t most) {
  return all_digits(text) && text.size() >= least && text.size() <= most;
}

template <int kMost>
bool is_short_text(const Field& field, const Form& form) {
  const std::string value = value_of(field, form);
  const int length = character_count(value);
  return length >= 1 && length <= kMost && !has_control_characters(value);
}

bool is_name(const Field& field, const Form& form) {
  return is_short_text<kNameLength>(field, form) && is_full_width(value_of(field, form));
}

bool is_kana(const Field& field, const Form& form) {
  return is_short_text<kNameLength>(field, form) && is_katakana(value_of(field, form));
}

bool is_domain(std::string_view domain) {
  if (domain.find('.') == std::string_view::npos) return false;
  for (size_t from = 0; from <= domain.size();) {
    const size_t dot = std::min(domain.find('.', from), domain.size());
    const std::string_view part = domain.substr(from, dot - from);
    const auto allowed = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    };
    if (part.empty() || part.front() == '-' || part.back() == '-' || !std::all_of(part.begin(), part.end(), allowed))
      return false;
    from = dot + 1;
  }
  return true;
}

/// Old carrier addresses have dots anywhere in the local part, so only its characters are judged.
bool is_mail(const Field& field, const Form& form) {
  constexpr std::string_view kSigns = ".!#$%&'*+/=?^_`{|}~-";
  const std::string mail = value_of(field, form);
  const size_t at = mail.find('@');
  if (at == std::string::npos || at == 0 || at > kMailLocalLength || mail.size() > kMailLength) return false;
  const auto allowed = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kSigns.find(c) != std::string_view::npos;
  };
  return std::all_of(mail.begin(), mail.begin() + static_cast<std::ptrdiff_t>(at), allowed) &&
         is_domain(std::string_view(mail).substr(at + 1));
}

bool equals_mail(const Field& field, const Form& form) {
  return value_of(field, form) == entered(form, "mail");
}

bool is_zip(const Field& field, const Form& form) {
  return is_digits(value_of(field, form, 0), 3, 3) && is_digits(value_of(field, form, 1), 4, 4);
}

bool is_prefecture(const Field& field, const Form& form) {
  return !model::prefecture_name(value_of(field, form)).empty();
}

bool is_telephone(const Field& field, const Form& form) {
  const std::string area = value_of(field, form, 0), exchange = value_of(field, form, 1),
                    number = value_of(field, form, 2);
  const size_t length = area.size() + exchange.size() + number.size();
  return is_digits(area, 2, 5) && is_digits(exchange, 1, 4) && is_digits(number, 3, 4) && area[0] == '0' &&
         (length == 10 || length == 11);
}

bool is_gateway_id(const Field& field, const Form& form) {
  const std::string id = value_of(field, form);
  return id.size() == kGatewayIdLength &&
         std::all_of(id.begin(), id.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

bool is_printed_password(const Field& field, const Form& form) {
  return value_of(field, form).size() <= kPrintedPasswordLength;
}

bool is_password(const Field& field, const Form& form) {
  const std::string word = value_of(field, form);
  const auto any = [&](char first, char last) {
    return std::any_of(word.begin(), word.end(), [=](char c) { return c >= first && c <= last; });
  };
  const bool printable = std::all_of(word.begin(), word.end(), [](char c) { return c >= 0x21 && c <= 0x7E; });
  return word.size() >= kPasswordMin && word.size() <= kPasswordMax && printable && any('a', 'z') && any('A', 'Z') &&
         any('0', '9');
}

bool equals_password(const Field& field, const Form& form) {
  return value_of(field, form) == entered(form, "password");
}

bool is_dealer_id(const Field& field, const Form& form) {
  return is_digits(value_of(field, form), 1, 9);
}

bool is_anything(const Field&, const Form&) {
  return true;
}

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
       is_short_text<kShortText>,
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
       is_short_text<kAddressLength>,
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

constexpr std::string_view kTelephoneNote =
    "※仮登録時の認証に、ここで登録頂いた電話番号の入力が必要となりますので、記録しておくようお願いします。";

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
            is_short_text<kShortText>,
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
            is_short_text<kShortText>}}};
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
            is_short_text<kShortText>}}};
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

bool is_missing(const Field& field, const Form& form) {
  return std::all_of(field.names.begin(), field.names.end(), [&](auto name) { return entered(form, name).empty(); });
}

std::string missing_text(const Field& field) {
  return std::string(field.label) +
         (field.kind == InputKind::prefecture ? "を選択してください。" : "を入力してください。");
}

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
         is_short_text<kShortText>,
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
  static const std::vector<FieldGroup> groups = {
      {"",
       {{"REG-15",
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
         "new-password"},
        telephone_field("")}}};
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
         is_short_text<kContactNameLength>,
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
        {"DEAL-04",
         "異常通知",
         "異常通知",
         {"notifyFault"},
         {"受け取る"},
         false,
         InputKind::checkbox,
         "",
         "",
         is_anything},
        {"DEAL-04",
         "通信断通知",
         "通信断通知",
         {"notifyOffline"},
         {"受け取る"},
         false,
         InputKind::checkbox,
         "",
         "",
         is_anything}}}};
  return groups;
}

Form taken(std::span<const FieldGroup> groups, const Form& posted) {
  Form form;
  for (const FieldGroup& group : groups)
    for (const Field& field : group.fields)
      for (const auto name : field.names) {
        const std::string value = entered(posted, name);
        // A chosen password is judged as it was typed; all else may carry spaces at its ends by accident.
        const bool chosen_password = field.requirement == "REG-15" || field.requirement == "REG-16";
        form[std::string(name)] = chosen_password ? value : trimmed(value);
      }
  if (const auto id = form.find("gatewayId"); id != form.end()) id->second = upper_ascii(id->second);
  return form;
}

FieldErrors errors_in(std::span<const FieldGroup> groups, const Form& form) {
  FieldErrors errors;
  for (const FieldGroup& group : groups)
    for (const Field& field : group.fields) {
      const bool missing = is_missing(field, form);
      if (missing && field.required)
        errors.push_back({std::string(field.names[0]), missing_text(field)});
      else if (!missing && !field.accepts(field, form))
        errors.push_back({std::string(field.names[0]), std::string(field.error)});
    }
  return errors;
}

Form without_passwords(std::span<const FieldGroup> groups, Form form) {
  for (const FieldGroup& group : groups)
    for (const Field& field : group.fields)
      if (field.kind == InputKind::password)
        for (const auto name : field.names) form.erase(std::string(name));
  return form;
}

model::Person person_in(const Form& form) {
  model::Person person;
  person.sei = entered(form, "sei");
  person.mei = entered(form, "mei");
  person.sei_kana = entered(form, "seiKana");
  person.mei_kana = entered(form, "meiKana");
  person.mail = entered(form, "mail");
  person.address = {entered(form, "zip1") + "-" + entered(form, "zip2"), entered(form, "pref"), entered(form, "city"),
                    entered(form, "addr")};
  person.tel = telephone_in(form);
  person.corp_name = entered(form, "corpName");
  person.dept_name = entered(form, "deptName");
  return person;
}

model::Site site_in(const Form& form) {
  return {entered(form, "siteName"),
          {entered(form, "siteZip1") + "-" + entered(form, "siteZip2"), entered(form, "sitePref"),
           entered(form, "siteCity"), entered(form, "siteAddr")}};
}

std::string telephone_in(const Form& form, std::string_view prefix) {
  const std::string name(prefix);
  return entered(form, name + "1") + "-" + entered(form, name + "2") + "-" + entered(form, name + "3");
}

}  // namespace v2x::service
