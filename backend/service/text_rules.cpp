#include "backend/service/text_rules.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdlib>

#include "common/log.hpp"

namespace v2x::service {
namespace {

constexpr std::string_view kIdeographicSpace = "\xE3\x80\x80";  // U+3000
constexpr std::u16string_view kFullWidthSigns = u"・ー々〆〇゛゜－＝＆．，’　";

icu::UnicodeString composed(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
  const auto result = nfc->normalize(
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size()))), status);
  if (U_FAILURE(status)) {
    log::error("ICU cannot normalise: {}", u_errorName(status));
    std::abort();
  }
  return result;
}

/// True when `accepts(code point)` holds for every one of `text`.
template <class Accepts>
bool all_of(std::string_view text, Accepts accepts) {
  if (!is_utf8(text)) return false;
  const icu::UnicodeString characters = composed(text);
  for (int32_t i = 0; i < characters.length(); i = characters.moveIndex32(i, 1))
    if (!accepts(characters.char32At(i))) return false;
  return true;
}

bool is_variation_selector(UChar32 c) {
  return u_hasBinaryProperty(c, UCHAR_VARIATION_SELECTOR);
}

bool is_wide(UChar32 c) {
  const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH || width == U_EA_AMBIGUOUS;
}

bool is_word_character(UChar32 c) {
  return (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0;
}

bool is_full_width_character(UChar32 c) {
  if (is_variation_selector(c)) return true;
  if (c <= 0xFFFF && kFullWidthSigns.find(static_cast<char16_t>(c)) != std::u16string_view::npos) return true;
  return is_wide(c) && is_word_character(c);
}

bool is_katakana_character(UChar32 c) {
  constexpr UChar32 kFirst = 0x30A1, kLast = 0x30FA;  // ァ … ヺ
  return (c >= kFirst && c <= kLast) || c == u'ー' || c == u'・';
}

}  // namespace

bool is_utf8(std::string_view text) {
  int32_t i = 0;
  const auto length = static_cast<int32_t>(text.size());
  while (i < length) {
    UChar32 c = 0;
    U8_NEXT(text.data(), i, length, c);
    if (c < 0) return false;
  }
  return true;
}

int character_count(std::string_view text) {
  if (!is_utf8(text)) return -1;
  const icu::UnicodeString characters = composed(text);
  int count = 0;
  for (int32_t i = 0; i < characters.length(); i = characters.moveIndex32(i, 1))
    if (!is_variation_selector(characters.char32At(i))) ++count;
  return count;
}

bool is_full_width(std::string_view text) {
  return all_of(text, is_full_width_character);
}

bool is_katakana(std::string_view text) {
  return all_of(text, is_katakana_character);
}

bool has_control_characters(std::string_view text) {
  return !all_of(text, [](UChar32 c) { return u_charType(c) != U_CONTROL_CHAR && u_charType(c) != U_FORMAT_CHAR; });
}

std::string first_characters(std::string_view text, int most) {
  if (!is_utf8(text)) return "";
  int32_t end = 0;
  const auto length = static_cast<int32_t>(text.size());
  for (int i = 0; i < most && end < length; ++i) U8_FWD_1(text.data(), end, length);
  return std::string(text.substr(0, static_cast<size_t>(end)));
}

std::string trimmed(std::string_view text) {
  for (;;) {
    if (text.starts_with(' '))
      text.remove_prefix(1);
    else if (text.ends_with(' '))
      text.remove_suffix(1);
    else if (text.starts_with(kIdeographicSpace))
      text.remove_prefix(kIdeographicSpace.size());
    else if (text.ends_with(kIdeographicSpace))
      text.remove_suffix(kIdeographicSpace.size());
    else
      return std::string(text);
  }
}

std::string lower_ascii(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::string upper_ascii(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

}  // namespace v2x::service
