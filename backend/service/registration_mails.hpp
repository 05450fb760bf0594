// The mails of a registration: the dated URL, and what the holder of a known address is told.
#pragma once

#include <string>

#include "backend/model/account.hpp"
#include "backend/service/ports/registrations.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/settings.hpp"

namespace v2x::service {

/// Of the mail with the URL: M-01, M-01d.
std::string registration_kind(model::AccountKind kind);

/// Mails a new URL (M-01, M-01d), which kills the earlier one; over the limit of REG-26 it is only noted. `asked`: the
/// day from which the URL's days count.
void mail_registration_url(Transaction& tx, const Settings& settings, const PendingRegistration& registration,
                           Time asked);

/// M-03: somebody entered the address of an account (REG-27, AUTH-06). At most as often as M-01.
void mail_known_address(Transaction& tx, const Settings& settings, const model::Account& account);

}  // namespace v2x::service
