// Accounts, agreements and login history in SQL.
#pragma once

#include <soci/soci.h>

#include "backend/service/ports/accounts.hpp"
#include "backend/service/registry.hpp"

namespace v2x::store {

class SqlAccounts final : public service::Accounts {
 public:
  SqlAccounts(soci::session& session, const service::Transaction& transaction)
      : session_(session), transaction_(transaction) {}

  std::optional<model::Account> find(std::int64_t id) override;
  std::optional<model::Account> of_login(model::AccountKind kind, const std::string& login_id) override;
  std::optional<model::Account> of_mail(model::AccountKind kind, const std::string& mail) override;
  std::optional<model::Account> dealer(int dealer_id) override;
  model::Account add(model::Account account) override;
  bool is_locked(std::int64_t id) override;
  void set_locked(std::int64_t id, bool locked) override;
  void set_password_hash(std::int64_t id, const std::string& hash) override;
  void update(const model::Account& account) override;
  void propose_mail(std::int64_t id, const std::string& mail) override;
  std::optional<std::string> proposed_mail(std::int64_t id) override;
  void change_mail(std::int64_t id, const std::string& mail) override;
  void close(std::int64_t id) override;
  std::string agreed_terms(std::int64_t id) override;
  void note_agreement(std::int64_t id, const std::string& terms_version, const std::string& address) override;
  void note_login(const service::LoginRecord& record) override;
  std::vector<service::LoginRecord> logins(std::int64_t id, int most, int skip) override;
  std::optional<Time> oldest_login() override;
  void forget_logins_until(Time limit) override;

 private:
  std::optional<std::int64_t> id_where(const std::string& condition, const std::string& kind, const std::string& value);
  void give_dealer_id(model::Account& account);

  soci::session& session_;
  const service::Transaction& transaction_;
};

}  // namespace v2x::store
