// The people of a world: a browser each, and what they know (their passwords, the 販売店ID they were given).
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "harness/actors/browser.hpp"
#include "harness/actors/flows.hpp"
#include "harness/scenario/world_file.hpp"

namespace v2x::actors {

/// Belongs to the scenario's thread. Errors: see flows.hpp.
class People {
 public:
  /// Makes a person's browser, which sits behind `address`.
  using MakeBrowser = std::function<std::unique_ptr<Browser>(const std::string& person, const std::string& address)>;

  People(const scenario::World& world, MakeBrowser make_browser);

  Browser& browser(const std::string& person);
  Status log_in(const std::string& person, const std::string& where);
  /// Opens a path; when a login page comes instead, logs in there and opens it again.
  Result<View> open(const std::string& person, const std::string& path);
  Status link(const scenario::Customer& customer, const scenario::Site& site, const scenario::Dealer& dealer);
  Status activate(const std::string& person, const std::string& url);

  /// All browsers are closed: cookies are gone, what people know stays.
  void close_browsers() { browsers_.clear(); }
  void save(const std::filesystem::path& file) const;
  void load(const std::filesystem::path& file);

 private:
  Result<std::string> user_of(const std::string& person) const;
  const std::string& password_of(const std::string& person) const;

  const scenario::World& world_;
  MakeBrowser make_browser_;
  std::map<std::string, std::unique_ptr<Browser>> browsers_;
  std::map<std::string, std::string> dealer_ids_;
};

}  // namespace v2x::actors
