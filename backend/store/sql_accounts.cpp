#include "backend/store/sql_accounts.hpp"

#include "backend/store/sql.hpp"

namespace v2x::store {
namespace {

constexpr int kFirstDealerId = 4001;  // DEAL-02

}  // namespace

using model::Account;
using model::AccountKind;

std::optional<Account> SqlAccounts::find(std::int64_t id) {
  Account account;
  model::Person& person = account.person;
  std::string kind;
  int fault = 0, offline = 0;
  const auto key = static_cast<long long>(id);
  session_ << "SELECT kind, login_id, password_hash, dealer_name, sei, mei, sei_kana, mei_kana, mail, zip, pref, city, "
              "addr, tel, corp_name, dept_name, notify_fault, notify_offline FROM accounts WHERE id = :id AND state = "
              "'active'",
      soci::into(kind), soci::into(account.login_id), soci::into(account.password_hash),
      soci::into(account.dealer_name), soci::into(person.sei), soci::into(person.mei), soci::into(person.sei_kana),
      soci::into(person.mei_kana), soci::into(person.mail), soci::into(person.address.zip),
      soci::into(person.address.pref), soci::into(person.address.city), soci::into(person.address.addr),
      soci::into(person.tel), soci::into(person.corp_name), soci::into(person.dept_name), soci::into(fault),
      soci::into(offline), soci::use(key);
  if (!session_.got_data()) return std::nullopt;
  account.id = id;
  account.kind = model::account_kind(kind);
  account.notify_fault = fault != 0;
  account.notify_offline = offline != 0;
  return account;
}

std::optional<std::int64_t> SqlAccounts::id_where(const std::string& condition, const std::string& kind,
                                                  const std::string& value) {
  long long id = 0;
  session_ << "SELECT id FROM accounts WHERE kind = :kind AND " << condition, soci::into(id), soci::use(kind),
      soci::use(value);
  if (!session_.got_data()) return std::nullopt;
  return id;
}

std::optional<Account> SqlAccounts::of_login(AccountKind kind, const std::string& login_id) {
  const auto id = id_where("login_id = :value", to_string(kind), login_id);
  return id ? find(*id) : std::nullopt;
}

std::optional<Account> SqlAccounts::of_mail(AccountKind kind, const std::string& mail) {
  const auto id = id_where("mail_folded = lower(:value)", to_string(kind), mail);
  return id ? find(*id) : std::nullopt;
}

std::optional<Account> SqlAccounts::dealer(int dealer_id) {
  return of_login(AccountKind::dealer, std::to_string(dealer_id));
}

Account SqlAccounts::add(Account account) {
  const model::Person& person = account.person;
  const std::string kind = to_string(account.kind);
  const Time now = transaction_.now();
  // A dealer's login_id is its number, which needs the row; until then the mail address stands in, unique, too.
  if (account.kind == AccountKind::customer) account.login_id = person.mail;
  const std::string login_id = account.kind == AccountKind::customer ? person.mail : "new " + person.mail;
  session_
      << "INSERT INTO accounts (kind, state, login_id, password_hash, dealer_name, sei, mei, sei_kana, mei_kana, "
         "mail, mail_folded, zip, pref, city, addr, tel, corp_name, dept_name, created) VALUES (:kind, 'active', "
         ":login, :hash, :dealer_name, :sei, :mei, :sei_kana, :mei_kana, :mail, lower(:mail2), :zip, :pref, :city, "
         ":addr, :tel, :corp, :dept, :created)",
      soci::use(kind), soci::use(login_id), soci::use(account.password_hash), soci::use(account.dealer_name),
      soci::use(person.sei), soci::use(person.mei), soci::use(person.sei_kana), soci::use(person.mei_kana),
      soci::use(person.mail), soci::use(person.mail), soci::use(person.address.zip), soci::use(person.address.pref),
      soci::use(person.address.city), soci::use(person.address.addr), soci::use(person.tel),
      soci::use(person.corp_name), soci::use(person.dept_name), soci::use(now);
  long long id = 0;
  session_ << "SELECT id FROM accounts WHERE kind = :kind AND login_id = :login", soci::into(id), soci::use(kind),
      soci::use(login_id);
  account.id = id;
  if (account.kind == AccountKind::dealer) give_dealer_id(account);
  return account;
}

void SqlAccounts::give_dealer_id(Account& account) {
  int dealer_id = 0;
  session_ << "SELECT coalesce(max(dealer_id) + 1, :first) FROM dealers", soci::into(dealer_id),
      soci::use(kFirstDealerId);
  const auto id = static_cast<long long>(account.id);
  account.login_id = std::to_string(dealer_id);
  session_ << "INSERT INTO dealers (dealer_id, account_id) VALUES (:dealer, :account)", soci::use(dealer_id),
      soci::use(id);
  session_ << "UPDATE accounts SET login_id = :login WHERE id = :id", soci::use(account.login_id), soci::use(id);
}

void SqlAccounts::set_password_hash(std::int64_t id, const std::string& hash) {
  const auto key = static_cast<long long>(id);
  session_ << "UPDATE accounts SET password_hash = :hash WHERE id = :id", soci::use(hash), soci::use(key);
}

void SqlAccounts::update(const Account& account) {
  const model::Person& person = account.person;
  const auto key = static_cast<long long>(account.id);
  const int fault = account.notify_fault ? 1 : 0, offline = account.notify_offline ? 1 : 0;
  session_ << "UPDATE accounts SET dealer_name = :dealer_name, sei = :sei, mei = :mei, sei_kana = :sei_kana, "
              "mei_kana = :mei_kana, zip = :zip, pref = :pref, city = :city, addr = :addr, tel = :tel, "
              "corp_name = :corp, dept_name = :dept, notify_fault = :fault, notify_offline = :offline WHERE id = :id",
      soci::use(account.dealer_name), soci::use(person.sei), soci::use(person.mei), soci::use(person.sei_kana),
      soci::use(person.mei_kana), soci::use(person.address.zip), soci::use(person.address.pref),
      soci::use(person.address.city), soci::use(person.address.addr), soci::use(person.tel),
      soci::use(person.corp_name), soci::use(person.dept_name), soci::use(fault), soci::use(offline), soci::use(key);
}

void SqlAccounts::propose_mail(std::int64_t id, const std::string& mail) {
  const auto key = static_cast<long long>(id);
  session_ << "INSERT INTO mail_changes (account_id, mail) VALUES (:id, :mail) "
              "ON CONFLICT (account_id) DO UPDATE SET mail = excluded.mail",
      soci::use(key), soci::use(mail);
}

std::optional<std::string> SqlAccounts::proposed_mail(std::int64_t id) {
  const auto key = static_cast<long long>(id);
  std::string mail;
  session_ << "SELECT mail FROM mail_changes WHERE account_id = :id", soci::into(mail), soci::use(key);
  if (!session_.got_data()) return std::nullopt;
  return mail;
}

void SqlAccounts::change_mail(std::int64_t id, const std::string& mail) {
  const auto key = static_cast<long long>(id);
  session_ << "DELETE FROM mail_changes WHERE account_id = :id", soci::use(key);
  session_ << "UPDATE accounts SET mail = :mail, mail_folded = lower(:mail2), "
              "login_id = CASE kind WHEN 'customer' THEN :mail3 ELSE login_id END WHERE id = :id",
      soci::use(mail), soci::use(mail), soci::use(mail), soci::use(key);
}

// login_id and mail_folded are unique among all accounts, closed ones, too: the number takes their place.
void SqlAccounts::close(std::int64_t id) {
  const auto key = static_cast<long long>(id);
  const std::string number = "closed " + std::to_string(id);
  session_ << "DELETE FROM mail_changes WHERE account_id = :id", soci::use(key);
  session_ << "DELETE FROM login_history WHERE account_id = :id", soci::use(key);
  session_ << "DELETE FROM link_tokens WHERE purpose IN ('password_reset', 'mail_change') AND subject = :id",
      soci::use(key);
  session_ << "UPDATE accounts SET state = 'closed', login_id = CASE kind WHEN 'customer' THEN :number ELSE login_id "
              "END, mail_folded = :number2, password_hash = '', dealer_name = '', sei = '', mei = '', sei_kana = '', "
              "mei_kana = '', mail = '', zip = '', pref = '', city = '', addr = '', tel = '', corp_name = '', "
              "dept_name = '' WHERE id = :id",
      soci::use(number), soci::use(number), soci::use(key);
}

std::string SqlAccounts::agreed_terms(std::int64_t id) {
  const auto key = static_cast<long long>(id);
  std::string version;
  session_ << "SELECT terms_version FROM agreements WHERE account_id = :id ORDER BY id DESC LIMIT 1",
      soci::into(version), soci::use(key);
  return version;
}

bool SqlAccounts::is_locked(std::int64_t id) {
  const auto key = static_cast<long long>(id);
  std::optional<Time> locked;
  session_ << "SELECT locked_at FROM accounts WHERE id = :id", soci::into(locked), soci::use(key);
  return locked.has_value();
}

void SqlAccounts::set_locked(std::int64_t id, bool locked) {
  const auto key = static_cast<long long>(id);
  const auto at = locked ? std::optional(transaction_.now()) : std::nullopt;
  session_ << "UPDATE accounts SET locked_at = :at WHERE id = :id", soci::use(at), soci::use(key);
}

void SqlAccounts::note_agreement(std::int64_t id, const std::string& terms_version, const std::string& address) {
  const auto key = static_cast<long long>(id);
  const Time now = transaction_.now();
  session_
      << "INSERT INTO agreements (account_id, terms_version, agreed, address) VALUES (:id, :version, :now, :address)",
      soci::use(key), soci::use(terms_version), soci::use(now), soci::use(address);
}

void SqlAccounts::note_login(const service::LoginRecord& record) {
  const auto id = static_cast<long long>(record.account_id);
  const Time now = transaction_.now();
  const std::string result = record.success ? "success" : "failure";
  session_ << "INSERT INTO login_history (account_id, time, site, address, user_agent, result) "
              "VALUES (:id, :now, :site, :address, :agent, :result)",
      soci::use(id), soci::use(now), soci::use(record.site), soci::use(record.address), soci::use(record.user_agent),
      soci::use(result);
}

std::vector<service::LoginRecord> SqlAccounts::logins(std::int64_t id, int most, int skip) {
  const auto key = static_cast<long long>(id);
  const soci::rowset<soci::row> rows =
      (session_.prepare << "SELECT site, address, user_agent, result, time FROM login_history WHERE account_id = :id "
                           "ORDER BY time DESC, id DESC LIMIT :most OFFSET :skip",
       soci::use(key), soci::use(most), soci::use(skip));
  std::vector<service::LoginRecord> logins;
  for (const auto& row : rows)
    logins.push_back({id, row.get<std::string>(0), row.get<std::string>(1), row.get<std::string>(2),
                      row.get<std::string>(3) == "success", row.get<Time>(4)});
  return logins;
}

std::optional<Time> SqlAccounts::oldest_login() {
  std::optional<Time> oldest;
  session_ << "SELECT min(time) FROM login_history", soci::into(oldest);
  return oldest;
}

void SqlAccounts::forget_logins_until(Time limit) {
  session_ << "DELETE FROM login_history WHERE time <= :limit", soci::use(limit);
}

}  // namespace v2x::store
