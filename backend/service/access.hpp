// Logging in and out, and who is behind a browser's cookie.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backend/model/account.hpp"
#include "backend/service/passwords.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/settings.hpp"
#include "backend/service/terms.hpp"

namespace v2x::service {

/// Where people log in, each with sessions of its own (AUTH-03): the three sites and the app.
enum class SiteId { reg, entry, ctrl, api };
std::string to_string(SiteId site);

inline constexpr std::string_view kLoginRefused = "ユーザIDまたはパスワードが正しくありません。";  // AUTH-02

struct Credentials {
  std::string login_id;
  std::string password;
};

enum class LogInState {
  accepted,
  refused,  ///< one state for every reason (AUTH-02)
  locked,   ///< too many failures before it (SEC-07)
  busy,     ///< the password pool is full (SEC-01)
};

struct LogIn {
  LogInState state = LogInState::refused;
  std::string session_token;  ///< of the new web session
  Duration retry_after{};     ///< of a lock
};

/// Who is behind a browser's cookie.
struct Visit {
  model::Account account;
  Time ends{};             ///< of the session, however much it is used
  bool terms_due = false;  ///< logged in after newer terms took effect, and has not agreed to them (REG-30)
};

/// Thread-safe.
class Access {
 public:
  Access(Registry& registry, Passwords& passwords, const Terms& terms, const Settings& settings)
      : registry_(registry), passwords_(passwords), terms_(terms), settings_(settings) {}

  /// Ends the browser's earlier session, if it had one (SEC-03).
  LogIn log_in(SiteId site, const Credentials& credentials, const Caller& caller, const std::string& earlier_session);
  void log_out(const std::string& session_token);

  /// Whether somebody who is logged in knows the account's password, too. A wrong one counts as a failed log-in does.
  /// Errors: "locked", "busy".
  Result<bool> knows_password(const model::Account& account, const std::string& password, const Caller& caller);

  /// Whose session it is; nullopt when nobody is logged in or it has ended. Unless `passive` (a page that refreshes
  /// itself, MON-07), the visit extends the session.
  std::optional<Visit> visit(SiteId site, const std::string& session_token, bool passive);

  /// Starts a session inside of a transaction that just made or changed the account (REG-25).
  std::string start_session(Transaction& tx, SiteId site, std::int64_t account_id) const;

 private:
  std::optional<model::Account> account_of(SiteId site, const std::string& login_id);
  Result<std::vector<CountedAttempt>> count(const std::vector<AttemptKey>& keys);
  /// What becomes of the counted attempts once the password was judged.
  void settle(Transaction& tx, const std::vector<CountedAttempt>& counted, const Result<bool>& right,
              const Caller& caller) const;
  Duration locked_for(const std::vector<AttemptKey>& keys);
  /// Whether a password is right, and its new hash when the old one's parameters are outdated (SEC-01).
  struct Checked {
    bool right = false;
    std::string new_hash;
  };
  Result<Checked> check(const std::optional<model::Account>& account, const std::string& password);
  void note(Transaction& tx, SiteId site, const std::optional<model::Account>& account, const Caller& caller,
            bool success) const;

  /// How long a session lasts after its last visit, and at most.
  struct Lifetime {
    Duration idle;
    Duration absolute;
  };
  Lifetime lifetime(SiteId site) const;

  Registry& registry_;
  Passwords& passwords_;
  const Terms& terms_;
  const Settings& settings_;
};

}  // namespace v2x::service
