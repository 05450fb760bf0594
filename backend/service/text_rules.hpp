// Rules on Japanese text: full width, kana, length. ICU behind plain strings of UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace v2x::service {

/// Code points after NFC; variation selectors count nothing (REG-17). -1 when `text` is not UTF-8.
int character_count(std::string_view text);
/// 全角 as REG-17 defines it: East Asian Width W, F or A; letters, marks, numbers and a few signs; U+3000 inside.
bool is_full_width(std::string_view text);
/// Full-width katakana, ー and ・ only (REG-02).
bool is_katakana(std::string_view text);
bool has_control_characters(std::string_view text);
bool is_utf8(std::string_view text);
/// Without half- and full-width spaces at both ends.
std::string trimmed(std::string_view text);
/// At most `most` code points of `text`; empty when it is not UTF-8.
std::string first_characters(std::string_view text, int most);
std::string lower_ascii(std::string text);
std::string upper_ascii(std::string text);

}  // namespace v2x::service
