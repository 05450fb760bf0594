#include "backend/model/telephone.hpp"

#include <algorithm>
#include <iterator>

namespace v2x::model {

std::string telephone_digits(std::string_view tel) {
  std::string digits;
  std::copy_if(tel.begin(), tel.end(), std::back_inserter(digits), [](char c) { return c >= '0' && c <= '9'; });
  return digits;
}

bool same_telephone(std::string_view a, std::string_view b) {
  return telephone_digits(a) == telephone_digits(b);
}

}  // namespace v2x::model
