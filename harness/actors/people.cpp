#include "harness/actors/people.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

namespace v2x::actors {

using nlohmann::json;

People::People(const scenario::World& world, MakeBrowser make_browser)
    : world_(world), make_browser_(std::move(make_browser)) {}

Browser& People::browser(const std::string& person) {
  std::unique_ptr<Browser>& browser = browsers_[person];
  if (browser) return *browser;
  const auto names = world_.person_names();
  const auto index = std::find(names.begin(), names.end(), person) - names.begin();
  // RFC 5737: 192.0.2.0/24 is for documentation; each person sits behind an address of their own.
  const std::string address = "192.0.2." + std::to_string(1 + index % 254);
  browser = make_browser_(person, address);
  return *browser;
}

Result<std::string> People::user_of(const std::string& person) const {
  if (const auto* customer = world_.find_customer(person)) return customer->mail;
  const auto id = dealer_ids_.find(person);
  if (id == dealer_ids_.end()) return fail("page", person + " was given no 販売店ID yet");
  return id->second;
}

const std::string& People::password_of(const std::string& person) const {
  if (const auto* customer = world_.find_customer(person)) return customer->password;
  return world_.find_dealer(person)->password;
}

Status People::log_in(const std::string& person, const std::string& where) {
  const auto user = user_of(person);
  if (!user) return fail(user.error());
  return actors::log_in(browser(person), place(where), *user, password_of(person));
}

Result<View> People::open(const std::string& person, const std::string& path) {
  auto view = browser(person).open(path);
  if (!view || !is_login_page(view->page.id()) || path.find("/login") != std::string::npos) return view;
  const auto user = user_of(person);
  if (!user) return fail(user.error());
  const auto entered =
      browser(person).press("#login-button", {{"loginid", *user}, {"loginpassword", password_of(person)}});
  if (!entered) return entered;
  if (is_login_page(entered->page.id()))
    return fail("page", person + " could not log in: " + entered->page.text("#errors").value_or(entered->page.title()));
  return browser(person).open(path);
}

Status People::link(const scenario::Customer& customer, const scenario::Site& site, const scenario::Dealer& dealer) {
  const auto id = user_of(dealer.name);
  if (!id) return fail(id.error());
  if (const auto menu = open(customer.name, "/reg/menu"); !menu) return fail(menu.error());
  return link_dealer(browser(customer.name), site, dealer, *id);
}

Status People::activate(const std::string& person, const std::string& url) {
  if (const auto* customer = world_.find_customer(person)) return activate_account(browser(person), *customer, url);
  auto id = activate_dealer(browser(person), *world_.find_dealer(person), url);
  if (!id) return fail(id.error());
  dealer_ids_[person] = *id;
  return done();
}

void People::save(const std::filesystem::path& file) const {
  std::ofstream(file) << json(dealer_ids_).dump() << "\n";
}

void People::load(const std::filesystem::path& file) {
  std::ifstream in(file);
  const json known = json::parse(in, nullptr, false);
  if (known.is_object()) dealer_ids_ = known.get<std::map<std::string, std::string>>();
}

}  // namespace v2x::actors
