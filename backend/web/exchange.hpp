// One request being answered: who asks, on which site, and the ways to answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "backend/model/account.hpp"
#include "backend/web/app.hpp"
#include "backend/web/request.hpp"
#include "backend/web/sites.hpp"
#include "backend/web/templates.hpp"

namespace v2x::web {

/// One-time texts that the next page shows in #notice (PAGE-02).
enum class Notice {
  none,
  draft_expired,
  registered,
  gateway_changed,
  profile_changed,
  mail_change_asked,
  mail_changed,
  password_changed,
  password_reset,
  reset_asked,
  id_mailed,
  notify_changed,
  account_closed,
  contact_added,
  contact_changed,
  contact_removed,
  contact_asked,
  tariff_changed,
  settings_read,
  ai_changed,
};

/// Lives on the stack of the thread that answers.
class Exchange {
 public:
  Exchange(App& app, const Request& request, const Site& site, std::string_view page_id);

  App& app() { return app_; }
  const Request& request() const { return request_; }
  const Site& site() const { return site_; }
  /// A path of this site: "/menu" is /reg/menu or /entry/menu.
  std::string path(std::string_view page) const { return std::string(site_.prefix) + std::string(page); }
  Time now() const { return app_.clock.now(); }
  /// What the route's path carries in its segment {name}.
  std::string part(std::string_view name) const { return service::entered(parts_, name); }
  void set_parts(service::Form parts) { parts_ = std::move(parts); }
  std::string query(std::string_view name) const { return service::entered(request_.query, name); }
  /// Of a list: the query's `p`, from 1 on; 1 for nonsense.
  int page_number() const;
  std::string field(std::string_view name) const { return service::entered(request_.form, name); }
  service::Caller caller() const { return {request_.client_address, request_.user_agent}; }
  /// The token of the browser's session; one is made for a browser that has none.
  const std::string& session() const { return session_token_; }
  bool had_session() const { return had_session_; }

  /// Who is logged in on this site; set by the router before the handler runs.
  void set_visitor(model::Account visitor) { visitor_ = std::move(visitor); }
  bool logged_in() const { return visitor_.has_value(); }
  const model::Account& visitor() const { return *visitor_; }
  /// The browser gets a new session: log-in, full registration.
  void begin_session(const std::string& token);
  void end_session();
  void set_page(std::string_view page_id) { page_id_ = page_id; }
  /// A cookie that remembers a choice, not a secret.
  void remember(const std::string& name, const std::string& value);
  std::string remembered(const std::string& name) const;

  /// The template of the page id, in the layout.
  Response page(Data data, int status = 200);
  Response to(const std::string& path, Notice notice = Notice::none);
  /// A page that says what is wrong in a sentence, with the request's id.
  Response error(int status);
  /// The page for the error of a use case: busy, locked, and whatever else is as good as not there.
  Response error(const Error& error);
  /// 429 with the time after which it is worth trying again (SEC-08).
  Response locked(Duration retry_after);
  Response json(const std::string& body, int status = 200);
  /// A file to be saved under this name, which needs no quoting.
  Response file(StaticFile content, const std::string& name);

 private:
  Response finish(Response response);
  Data layout(Data data);
  std::string cookie_name(std::string_view name) const;
  void set_cookie(const std::string& name, const std::string& value, std::string_view more);
  bool is_https() const;

  App& app_;
  const Request& request_;
  const Site& site_;
  std::string_view page_id_;
  service::Form parts_;
  std::optional<model::Account> visitor_;
  std::string session_token_;
  bool had_session_ = false;
  bool began_session_ = false;
  std::vector<std::pair<std::string, std::string>> headers_;
};

}  // namespace v2x::web
