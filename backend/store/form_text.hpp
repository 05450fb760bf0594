// A form as one column of text: JSON of names and values.
#pragma once

#include <string>

#include "backend/service/form.hpp"

namespace v2x::store {

std::string to_text(const service::Form& form);
/// Throws soci_error on text that to_text() did not make: the database was damaged.
service::Form form_of(const std::string& text);

}  // namespace v2x::store
