#include "harness/actors/people.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

namespace v2x::actors {

using nlohmann::json;

People::People(const scenario::World& world, int http_port, MakeBrowser make_browser)
    : world_(world), http_port_(http_port), make_browser_(std::move(make_browser)) {}

std::string People::address_of(const std::string& person) const {
  const auto names = world_.person_names();
  const auto index = std::find(names.begin(), names.end(), person) - names.begin();
  // RFC 5737: 192.0.2.0/24 is for documentation; each person sits behind an address of their own.
  return "192.0.2." + std::to_string(1 + index % 254);
}

Browser& People::browser(const std::string& person) {
  std::unique_ptr<Browser>& browser = browsers_[person];
  if (!browser) browser = make_browser_(person, address_of(person));
  return *browser;
}

Result<ApiAnswer> People::api(const std::string& person, const std::string& method, const std::string& path,
                              const json& body) {
  ApiClient& app = apps_.try_emplace(person, http_port_, address_of(person)).first->second;
  if (!app.has_token() && path != "/login") {
    const auto account = known(person);
    if (!account) return fail(account.error());
    const auto entered = app.call(
        "POST", "/login", {{"user_id", account->user}, {"password", account->password}, {"device", "v2x-harness"}});
    if (!entered) return entered;
    if (!app.has_token()) return fail("page", person + "'s app could not log in: " + entered->body.dump());
  }
  return app.call(method, path, body);
}

std::string People::fact(const std::string& person, const std::string& key, const std::string& otherwise) const {
  const auto facts = facts_.find(person);
  if (facts == facts_.end()) return otherwise;
  const auto fact = facts->second.find(key);
  return fact == facts->second.end() ? otherwise : fact->second;
}

std::string People::mail_of(const std::string& person) const {
  const scenario::Person* known = world_.find_person(person);
  return fact(person, "mail", known->mail);
}

Result<Credentials> People::known(const std::string& person) const {
  const bool customer = world_.find_customer(person) != nullptr;
  const std::string user = customer ? mail_of(person) : fact(person, "dealer_id", "");
  if (user.empty()) return fail("page", person + " was given no 販売店ID yet");
  return Credentials{user, fact(person, "password", world_.find_person(person)->password)};
}

Result<View> People::open(const std::string& person, const std::string& path) {
  auto view = browser(person).open(path);
  if (!view || !is_login_page(view->page.id()) || path.find("/login") != std::string::npos) return view;
  const auto account = known(person);
  if (!account) return fail(account.error());
  const auto entered =
      browser(person).press("#login-button", {{"loginid", account->user}, {"loginpassword", account->password}});
  if (!entered) return entered;
  if (is_login_page(entered->page.id()))
    return fail("page", person + " could not log in: " + entered->page.text("#errors").value_or(entered->page.title()));
  return browser(person).open(path);
}

Result<Place> People::enter(const std::string& person) {
  const bool customer = world_.find_customer(person) != nullptr;
  const auto menu = open(person, customer ? "/reg/menu" : "/entry/menu");
  if (!menu) return fail(menu.error());
  return place(customer ? "management" : "entry");
}

void People::take_pictures() {
  for (const auto& [person, browser] : browsers_) browser->take_picture();
}

void People::save(const std::filesystem::path& file) const {
  std::ofstream(file) << json(facts_).dump() << "\n";
}

void People::load(const std::filesystem::path& file) {
  std::ifstream in(file);
  const json known = json::parse(in, nullptr, false);
  if (known.is_object()) facts_ = known.get<std::map<std::string, std::map<std::string, std::string>>>();
}

}  // namespace v2x::actors
