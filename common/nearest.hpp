// The nearest valid word to a misspelt one, for error messages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace v2x {

/// The candidate with the smallest edit distance to `word`; empty when there is none.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);
/// "'faul' is no step, nearest: 'fault'": the tail of an error message about an unknown word.
std::string unknown_word(std::string_view word, std::string_view is_no, const std::vector<std::string>& candidates);

}  // namespace v2x
