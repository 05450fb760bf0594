// The parts of forms: a person's name, an address, a telephone number … with labels, hints, notes and error texts.
#pragma once

#include <initializer_list>

#include "backend/service/fields.hpp"

namespace v2x::service {

std::vector<Field> name_fields();                       ///< REG-01, REG-02
std::vector<Field> mail_fields(std::string_view note);  ///< REG-03, REG-04
std::vector<Field> address_fields();                    ///< REG-05 … REG-08
Field telephone_field(std::string_view note);           ///< REG-09
FieldGroup corporation_group();                         ///< REG-10
FieldGroup gateway_group();                             ///< REG-11, REG-12
FieldGroup site_name_group();                           ///< REG-13
FieldGroup site_address_group();                        ///< REG-14
std::vector<Field> new_password_fields();               ///< REG-15, REG-16
/// A password that exists already; it is compared, not judged.
Field password_field(std::string_view label, std::string_view name, std::string_view autocomplete);
Field checkbox_field(std::string_view requirement, std::string_view label, std::string_view name, std::string_view hint,
                     std::string_view note = "");

std::vector<Field> joined(std::initializer_list<std::vector<Field>> parts);

}  // namespace v2x::service
