// The people of a world: a browser each, and what they know of their accounts.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "harness/actors/api_client.hpp"
#include "harness/actors/browser.hpp"
#include "harness/actors/flows.hpp"
#include "harness/scenario/world_file.hpp"

namespace v2x::actors {

/// Belongs to the scenario's thread. Errors: see flows.hpp.
class People {
 public:
  /// Makes a person's browser, which sits behind `address`.
  using MakeBrowser = std::function<std::unique_ptr<Browser>(const std::string& person, const std::string& address)>;

  People(const scenario::World& world, int http_port, MakeBrowser make_browser);

  Browser& browser(const std::string& person);
  /// A request of the person's app; when it has no token yet, it logs in before.
  Result<ApiAnswer> api(const std::string& person, const std::string& method, const std::string& path,
                        const nlohmann::json& body);
  /// Opens a path; when a login page comes instead, logs in there and opens it again.
  Result<View> open(const std::string& person, const std::string& path);
  /// The site where the person's account lives, logged in.
  Result<Place> enter(const std::string& person);

  /// What the person would log in with. Error "page" when a dealer was given no 販売店ID yet.
  Result<Credentials> known(const std::string& person) const;
  /// The address that mails to the account go to.
  std::string mail_of(const std::string& person) const;
  void learn_dealer_id(const std::string& person, const std::string& id) { facts_[person]["dealer_id"] = id; }
  void learn_mail(const std::string& person, const std::string& mail) { facts_[person]["mail"] = mail; }
  void learn_password(const std::string& person, const std::string& password) { facts_[person]["password"] = password; }

  /// All browsers and apps are closed: cookies and tokens are gone, what people know stays.
  void close_browsers() {
    browsers_.clear();
    apps_.clear();
  }
  /// Of what each person has before them: what a failed step should be judged by.
  void take_pictures();
  void save(const std::filesystem::path& file) const;
  void load(const std::filesystem::path& file);

 private:
  std::string address_of(const std::string& person) const;
  /// What the person learned under `key`, else `otherwise`.
  std::string fact(const std::string& person, const std::string& key, const std::string& otherwise) const;

  const scenario::World& world_;
  int http_port_;
  MakeBrowser make_browser_;
  std::map<std::string, ApiClient> apps_;
  std::map<std::string, std::unique_ptr<Browser>> browsers_;
  std::map<std::string, std::map<std::string, std::string>> facts_;  ///< by person: what the world's file doesn't say
};

}  // namespace v2x::actors
