#include "backend/service/field_rules.hpp"

#include <algorithm>

#include "backend/model/prefectures.hpp"
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

bool is_text(const std::string& value, int most) {
  const int length = character_count(value);
  return length >= 1 && length <= most && !has_control_characters(value);
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

}  // namespace

bool is_short_text(const Field& field, const Form& form) {
  return is_text(value_of(field, form), kShortText);
}

bool is_address(const Field& field, const Form& form) {
  return is_text(value_of(field, form), kAddressLength);
}

bool is_contact_name(const Field& field, const Form& form) {
  return is_text(value_of(field, form), kContactNameLength);
}

bool is_name(const Field& field, const Form& form) {
  const std::string value = value_of(field, form);
  return is_text(value, kNameLength) && is_full_width(value);
}

bool is_kana(const Field& field, const Form& form) {
  const std::string value = value_of(field, form);
  return is_text(value, kNameLength) && is_katakana(value);
}

// Old carrier addresses have dots anywhere in the local part, so only its characters are judged.
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

bool is_choice(const Field& field, const Form& form) {
  for (size_t i = 0; i < field.names.size(); ++i) {
    const std::string value = value_of(field, form, i);
    const auto& choices = field.choices[i];
    if (std::none_of(choices.begin(), choices.end(), [&](const Choice& choice) { return choice.value == value; }))
      return false;
  }
  return true;
}

bool is_window(const Field& field, const Form& form) {
  const bool same =
      value_of(field, form, 0) == value_of(field, form, 2) && value_of(field, form, 1) == value_of(field, form, 3);
  return is_choice(field, form) && !same;
}

bool is_anything(const Field&, const Form&) {
  return true;
}

}  // namespace v2x::service
