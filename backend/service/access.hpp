// Logging in and out, and who is behind a browser's cookie.
#pragma once

#include <optional>
#include <string>

#include "backend/model/account.hpp"
#include "backend/service/passwords.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/settings.hpp"

namespace v2x::service {

/// The three sites with web sessions of their own (AUTH-03).
enum class SiteId { reg, entry, ctrl };
std::string to_string(SiteId site);

inline constexpr std::string_view kLoginRefused = "ユーザIDまたはパスワードが正しくありません。";  // AUTH-02

struct Credentials {
  std::string login_id;
  std::string password;
};

/// Thread-safe.
class Access {
 public:
  Access(Registry& registry, Passwords& passwords, const Settings& settings)
      : registry_(registry), passwords_(passwords), settings_(settings) {}

  /// The token of a new web session. Errors: "refused" (one text for every reason), "busy".
  Result<std::string> log_in(SiteId site, const Credentials& credentials, const Caller& caller);
  void log_out(const std::string& session_token);

  /// Whose session it is; nullopt when nobody is logged in or it has ended. Unless `passive` (a page that refreshes
  /// itself, MON-07), the visit extends the session.
  std::optional<model::Account> visitor(SiteId site, const std::string& session_token, bool passive);

  /// Starts a session inside of a transaction that just made or changed the account (REG-25).
  std::string start_session(Transaction& tx, SiteId site, std::int64_t account_id) const;

 private:
  std::optional<model::Account> account_of(SiteId site, const std::string& login_id);

  Registry& registry_;
  Passwords& passwords_;
  const Settings& settings_;
};

}  // namespace v2x::service
