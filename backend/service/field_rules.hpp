// What each field of a form accepts: the rules that the tables of field_tables.cpp name. Values come complete and
// trimmed.
#pragma once

#include "backend/service/fields.hpp"

namespace v2x::service {

bool is_short_text(const Field& field, const Form& form);  ///< 1 … 50 characters
bool is_address(const Field& field, const Form& form);
bool is_contact_name(const Field& field, const Form& form);
bool is_name(const Field& field, const Form& form);
bool is_kana(const Field& field, const Form& form);
bool is_mail(const Field& field, const Form& form);
bool equals_mail(const Field& field, const Form& form);
bool is_zip(const Field& field, const Form& form);
bool is_prefecture(const Field& field, const Form& form);
bool is_telephone(const Field& field, const Form& form);
bool is_gateway_id(const Field& field, const Form& form);
bool is_printed_password(const Field& field, const Form& form);
bool is_password(const Field& field, const Form& form);
bool equals_password(const Field& field, const Form& form);
bool is_dealer_id(const Field& field, const Form& form);
/// Each input is one of its choices.
bool is_choice(const Field& field, const Form& form);
/// Hours and minutes of a start and an end that differ.
bool is_window(const Field& field, const Form& form);
bool is_anything(const Field& field, const Form& form);

}  // namespace v2x::service
