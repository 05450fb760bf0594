// Telephone numbers: compared by their digits alone (REG-18).
#pragma once

#include <string>
#include <string_view>

namespace v2x::model {

/// "075-344-7000" → "0753447000".
std::string telephone_digits(std::string_view tel);
bool same_telephone(std::string_view a, std::string_view b);

}  // namespace v2x::model
