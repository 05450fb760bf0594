// The 47 prefectures by their JIS X 0401 codes.
#pragma once

#include <array>
#include <string_view>

namespace v2x::model {

/// Index 0 is code "01" (北海道), 46 is "47" (沖縄県).
extern const std::array<std::string_view, 47> kPrefectures;
/// 「京都府」 for "26"; empty for what is no code.
std::string_view prefecture_name(std::string_view code);

}  // namespace v2x::model
