// What customers and dealers do on the pages: each function is one errand, page by page, as a person would do it.
#pragma once

#include <string>

#include "common/result.hpp"
#include "harness/actors/browser.hpp"
#include "harness/scenario/world_file.hpp"

namespace v2x::actors {

// Every Error has the code "page" (the pages didn't do what the specification says) or "http" (no answer at all).

/// The site of the service where a person logs in.
struct Place {
  std::string name;   ///< management, entry, monitoring
  std::string login;  ///< path
  std::string home;   ///< data-page after login without `next`
};
const Place& place(const std::string& name);
bool is_login_page(const std::string& page_id);

Status log_in(Browser& browser, const Place& where, const std::string& user, const std::string& password);
Status log_out(Browser& browser, const Place& where);

/// R01 → R04.
Status register_account(Browser& browser, const scenario::Customer& customer, const scenario::Site& site);
/// R05 → R20, from the mailed URL.
Status activate_account(Browser& browser, const scenario::Customer& customer, const std::string& url);
/// R41 → R43; the customer is logged in.
Status link_dealer(Browser& browser, const scenario::Site& site, const scenario::Dealer& dealer,
                   const std::string& dealer_id);

/// D01 → D04.
Status sign_up(Browser& browser, const scenario::Dealer& dealer);
/// D05 → D07, from the mailed URL: the 販売店ID.
Result<std::string> activate_dealer(Browser& browser, const scenario::Dealer& dealer, const std::string& url);
/// D30, D31; the dealer is logged in.
Status add_contact(Browser& browser, const scenario::Contact& contact);
/// D32, from the mailed URL; needs no login.
Status confirm_contact(Browser& browser, const std::string& url);

/// `done()` when the shown page is `id`; an Error that tells what came instead.
Status expect_page(const Result<View>& view, const std::string& id);

}  // namespace v2x::actors
