// Accounts in the registry: who may log in, what they agreed to, when they logged in.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backend/model/account.hpp"
#include "common/clock.hpp"

namespace v2x::service {

struct LoginRecord {
  std::int64_t account_id = 0;
  std::string site;        ///< reg, entry, ctrl
  std::string address;     ///< of the client
  std::string user_agent;  ///< cut to 120 characters (AUTH-04)
  bool success = false;
  Time time{};  ///< set by the registry
};

class Accounts {
 public:
  virtual ~Accounts() = default;

  /// Active accounts only.
  virtual std::optional<model::Account> find(std::int64_t id) = 0;
  virtual std::optional<model::Account> of_login(model::AccountKind kind, const std::string& login_id) = 0;
  virtual std::optional<model::Account> of_mail(model::AccountKind kind,
                                                const std::string& mail) = 0;  ///< without case
  virtual std::optional<model::Account> dealer(int dealer_id) = 0;

  /// Gives it an id; a dealer gets the next 販売店ID as its login_id, too. The caller has made sure that the mail
  /// address is free.
  virtual model::Account add(model::Account account) = 0;
  /// A locked account cannot log in.
  virtual bool is_locked(std::int64_t id) = 0;
  virtual void set_locked(std::int64_t id, bool locked) = 0;
  virtual void set_password_hash(std::int64_t id, const std::string& hash) = 0;

  /// Who it is, what it wants to hear of. Not: kind, login_id, mail, password.
  virtual void update(const model::Account& account) = 0;
  /// A new mail address, good once it is confirmed; the newest counts.
  virtual void propose_mail(std::int64_t id, const std::string& mail) = 0;
  virtual std::optional<std::string> proposed_mail(std::int64_t id) = 0;
  /// The proposal comes true; a customer's login_id changes with it.
  virtual void change_mail(std::int64_t id, const std::string& mail) = 0;
  /// Forgets who it was; the number stays, for the audit log (AUTH-12).
  virtual void close(std::int64_t id) = 0;

  /// The newest version of the terms that it agreed to; empty when to none.
  virtual std::string agreed_terms(std::int64_t id) = 0;
  virtual void note_agreement(std::int64_t id, const std::string& terms_version, const std::string& address) = 0;
  virtual void note_login(const LoginRecord& record) = 0;
  /// Newest first.
  virtual std::vector<LoginRecord> logins(std::int64_t id, int most, int skip) = 0;
  virtual std::optional<Time> oldest_login() = 0;
  virtual void forget_logins_until(Time limit) = 0;
};

}  // namespace v2x::service
