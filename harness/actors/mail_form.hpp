// Whether a mail has the form that every mail of the service must have (MAIL-02).
#pragma once

#include "common/clock.hpp"
#include "common/result.hpp"
#include "harness/actors/smtp_conversation.hpp"

namespace v2x::actors {

/// `arrived`: when the service said that it was taken, by its clock. That may be a later try, up to a day after the
/// first, of whose end it never heard (MAIL-03): so old its Date may be. Needs start_mail_parser(). The Error (code
/// "mail") says which header is wrong and what was expected.
Status check_form(const RawMail& raw, Time arrived);

}  // namespace v2x::actors
