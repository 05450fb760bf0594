// Sessions of people who logged in, on a site or in the app. Anonymous visitors have a cookie, but no row.
#pragma once

#include <optional>
#include <string>

#include "common/clock.hpp"

namespace v2x::service {

struct WebSession {
  std::string hash;  ///< of the token
  std::string site;  ///< reg, entry, ctrl, api
  std::int64_t account_id = 0;
  Time started{};
  Time seen{};
};

class Sessions {
 public:
  virtual ~Sessions() = default;
  virtual std::optional<WebSession> find(const std::string& hash) = 0;
  virtual void add(const WebSession& session) = 0;
  virtual void seen(const std::string& hash, Time at) = 0;
  virtual void remove(const std::string& hash) = 0;
  /// On all sites.
  virtual void remove_of_account(std::int64_t account_id) = 0;
  /// Rows that nobody can use any more.
  virtual void remove_started_before(const std::string& site, Time limit) = 0;
};

}  // namespace v2x::service
