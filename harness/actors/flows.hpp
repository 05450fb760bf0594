// What customers and dealers do on the pages: each function is one errand, page by page, as a person would do it.
#pragma once

#include <string>

#include "common/result.hpp"
#include "harness/actors/browser.hpp"
#include "harness/scenario/steps.hpp"

namespace v2x::actors {

// Every Error has the code "page" (the pages didn't do what the specification says) or "http" (no answer at all). An
// errand that shall be refused succeeds when it was, in the wanted words. Errands behind a login begin logged in.

using scenario::Deviation;

/// The site of the service where a person logs in.
struct Place {
  std::string name;   ///< management, entry, monitoring
  std::string login;  ///< path
  std::string home;   ///< data-page after login without `next`
};
const Place& place(const std::string& name);
bool is_login_page(const std::string& page_id);

/// What someone knows about an account.
struct Credentials {
  std::string user;
  std::string password;
};

Status log_in(Browser& browser, const Place& where, const Credentials& known, const Deviation& deviation = {});
Status log_out(Browser& browser, const Place& where);

/// R01 → R04.
Status register_account(Browser& browser, const scenario::Customer& customer, const scenario::Site& site,
                        const Deviation& deviation);
/// R05 → R20, from the mailed URL.
Status activate_account(Browser& browser, const scenario::Customer& customer, const std::string& url,
                        const Deviation& deviation);
/// R21 → R24.
Status claim_gateway(Browser& browser, const scenario::Customer& customer, const scenario::Site& site,
                     const Deviation& deviation);
/// R41 → R43.
Status link_dealer(Browser& browser, const scenario::Site& site, const scenario::Dealer& dealer,
                   const std::string& dealer_id, const Deviation& deviation);
/// R51 → R53.
Status unlink_dealer(Browser& browser, const scenario::Site& site, const std::string& dealer_id,
                     const Deviation& deviation);
/// R34 → R20 or R35.
Status release_gateway(Browser& browser, const scenario::Site& site, const std::string& password,
                       const Deviation& deviation);
/// R60 → R61 → R20, or D40 → D20. `deviation.with` is what changes.
Status change_profile(Browser& browser, const Place& where, const std::string& password, const Deviation& deviation);
/// R62, from the mailed URL.
Status confirm_mail(Browser& browser, const std::string& url);
/// R63 or D41.
Status change_password(Browser& browser, const Place& where, const std::string& old_password,
                       const std::string& new_password, const Deviation& deviation);
/// R11 or D11: asks for the mail.
Status ask_for_password(Browser& browser, const Place& where, const std::string& user);
/// R12 or D12, from the mailed URL.
Status set_password(Browser& browser, const scenario::Person& person, const std::string& url,
                    const std::string& password, const Deviation& deviation);

/// D01 → D04.
Status sign_up(Browser& browser, const scenario::Dealer& dealer, const Deviation& deviation);
/// D05 → D07, from the mailed URL: the 販売店ID; empty when it was refused as wanted.
Result<std::string> activate_dealer(Browser& browser, const scenario::Dealer& dealer, const std::string& url,
                                    const Deviation& deviation);
/// D30, D31.
Status add_contact(Browser& browser, const scenario::Contact& contact, const Deviation& deviation);
/// D32, from the mailed URL; needs no login.
Status confirm_contact(Browser& browser, const std::string& url);
/// D23 → D24.
Status end_care(Browser& browser, const scenario::Site& site, const Deviation& deviation);

/// M08 → M10: the request's number; empty when it was refused as wanted. `deviation.with` is what changes.
Result<std::string> change_settings(Browser& browser, const scenario::Site& site, const Deviation& deviation);
/// 「現在値の取得」 of the M08 that is shown: likewise.
Result<std::string> read_settings(Browser& browser, const scenario::Refused& refused);

/// `done()` when the shown page is `id`; an Error that tells what came instead.
Status expect_page(const Result<View>& view, const std::string& id);
/// `done()` when the page says what it must; an Error that tells what it says instead.
Status expect_refusal(const View& view, const scenario::Refused& refusal);

}  // namespace v2x::actors
