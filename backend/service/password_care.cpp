#include "backend/service/password_care.hpp"

#include "backend/model/telephone.hpp"
#include "backend/service/gateway_proof.hpp"
#include "backend/service/mail_texts.hpp"
#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/audit.hpp"
#include "backend/service/ports/drafts.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/service/ports/mail_requests.hpp"
#include "backend/service/ports/outbox.hpp"
#include "backend/service/ports/sessions.hpp"
#include "backend/service/secrets.hpp"
#include "backend/service/text_rules.hpp"
#include "common/jst.hpp"

namespace v2x::service {
namespace {

constexpr int kLoginIdLength = 254;  // REG-03

std::string actor(const model::Account& account) {
  return "account " + std::to_string(account.id);
}

DraftKey found_key(const std::string& session_token) {
  return {hash_of(session_token), "findId"};
}

/// How a mail to an account begins: 「{name} 様」 or 「{dealer} 御中」.
MailFields greeting(const model::Account& account) {
  if (account.kind == model::AccountKind::dealer) return {{"dealer", account.dealer_name}};
  return {{"name", account.person.full_name()}};
}

}  // namespace

void mail_login_id(Transaction& tx, const model::Account& account) {
  OutboxMail mail{.kind = "M-09",
                  .cause = actor(account) + " asked at " + format_time(tx.now()),
                  .to = account.person.mail,
                  .fields = greeting(account),
                  .recipient = actor(account)};
  mail.fields["userid"] = account.login_id;
  tx.outbox().enqueue(mail);
}

std::string masked_mail(const std::string& mail) {
  const size_t at = mail.find('@'), dot = mail.rfind('.');
  return mail.substr(0, 1) + "***@" + mail.substr(at + 1, 1) + "***" + mail.substr(dot);
}

void mail_reset_url(Transaction& tx, const Settings& settings, const model::Account& account, Time asked) {
  const Time expires = asked + settings.reset_link_lives;
  const std::string token = new_token();
  const bool customer = account.kind == model::AccountKind::customer;
  const std::string site = customer ? settings.bases.multi + "/reg" : settings.bases.entry + "/entry";
  OutboxMail mail{.kind = "M-04",
                  .cause = actor(account) + " reset at " + format_time(asked),
                  .to = account.person.mail,
                  .fields = greeting(account),
                  .recipient = actor(account)};
  mail.fields["url"] = site + "/account/passwordReset?id=" + token;
  mail.fields["time"] = mail_time(expires);
  mail.expires = expires;
  if (!tx.outbox().enqueue(mail)) return;  // asked for twice at one instant: the first mail stands
  tx.tokens().add({hash_of(token), TokenPurpose::password_reset, account.id, expires, {}, 0, {}});
  tx.audit().write({"visitor", "", "password reset asked", actor(account), "ok"});
}

void PasswordCare::set_password(Transaction& tx, const model::Account& account, const std::string& hash,
                                const Caller& caller) {
  tx.accounts().set_password_hash(account.id, hash);
  tx.sessions().remove_of_account(account.id);
  OutboxMail mail{.kind = "M-05",
                  .cause = actor(account) + " changed at " + format_time(tx.now()),
                  .to = account.person.mail,
                  .fields = greeting(account),
                  .recipient = actor(account)};
  mail.fields["time"] = mail_time(tx.now());
  mail.fields["forgot_url"] = account.kind == model::AccountKind::customer ? settings_.bases.multi + "/reg/forgot"
                                                                           : settings_.bases.entry + "/entry/forgot";
  tx.outbox().enqueue(mail);
  tx.audit().write({actor(account), caller.address, "password changed", actor(account), "ok"});
}

Result<PasswordChange> PasswordCare::change(const model::Account& account, SiteId site, const Form& posted,
                                            const Caller& caller) {
  const Form form = taken(password_change_fields(), posted);
  FieldErrors errors = errors_in(password_change_fields(), form);
  if (!entered(form, "currentPassword").empty()) {
    const auto proved = access_.knows_password(account, entered(form, "currentPassword"), caller);
    if (!proved) return fail(proved.error());
    if (!*proved) errors.insert(errors.begin(), {"currentPassword", std::string(kWrongPassword)});
  }
  if (!errors.empty()) return PasswordChange{errors, ""};
  const auto hash = passwords_.hash(entered(form, "password"));
  if (!hash) return fail(hash.error());
  return registry_.transact([&](Transaction& tx) {
    set_password(tx, account, *hash, caller);
    return PasswordChange{{}, access_.start_session(tx, site, account.id)};
  });
}

// Whether there is such an account decides a duty: here everybody's request looks, and takes, the same (SEC-06).
void PasswordCare::ask_reset(const std::string& login_id) {
  registry_.transact([&](Transaction& tx) {
    tx.mail_requests().add(RequestKind::reset, model::kind_of_login(login_id),
                           {{"loginid", first_characters(login_id, kLoginIdLength)}});
  });
}

UrlState PasswordCare::reset_state(const std::string& url_token) {
  return registry_.read([&](Transaction& tx) {
    return state_of(tx, tx.tokens().find(TokenPurpose::password_reset, hash_of(url_token)));
  });
}

Result<FieldErrors> PasswordCare::judge(Transaction& tx, const LinkToken& token, const Form& form) {
  const auto account = tx.accounts().find(token.subject);
  if (!account) return fail(to_string(UrlState::unknown), "the account is closed");
  return judge_telephone(tx, settings_, token, {telephone_in(form), account->person.tel});
}

Result<FieldErrors> PasswordCare::reset(const std::string& url_token, const Form& posted, const Caller& caller) {
  const Form form = taken(password_fields(), posted);
  FieldErrors errors = errors_in(password_fields(), form);
  const std::string hash = hash_of(url_token);
  // A wrong telephone number must stay counted, so this step commits whatever it finds.
  std::optional<Result<FieldErrors>> judged;
  registry_.transact([&](Transaction& tx) {
    const auto token = tx.tokens().find(TokenPurpose::password_reset, hash);
    const UrlState state = state_of(tx, token);
    if (state != UrlState::good)
      judged = fail(to_string(state), "the URL is dead");
    else if (!has_error(errors, "tel1"))
      judged = judge(tx, *token, form);
    else
      judged = FieldErrors{};
  });
  if (!*judged) return fail(judged->error());
  for (const FieldError& error : judged->value()) errors.push_back(error);
  if (!errors.empty()) return errors;

  const auto new_hash = passwords_.hash(entered(form, "password"));
  if (!new_hash) return fail(new_hash.error());
  return registry_.transact([&](Transaction& tx) -> Result<FieldErrors> {
    const auto token = tx.tokens().find(TokenPurpose::password_reset, hash);
    const UrlState state = state_of(tx, token);
    const auto account = state == UrlState::good ? tx.accounts().find(token->subject) : std::nullopt;
    if (!account) return fail(to_string(state == UrlState::good ? UrlState::unknown : state), "the URL is dead");
    tx.tokens().use(hash);
    set_password(tx, *account, *new_hash, caller);
    return FieldErrors{};
  });
}

// A wrong telephone number counts as a wrong pair does (GW-05), which is counted already.
FieldErrors PasswordCare::refuse_id(Transaction& tx, const Form& form, bool pair_was_right,
                                    const Caller& caller) const {
  const auto key = attempts_of(AttemptKind::gateway_password, entered(form, "gatewayId"));
  if (pair_was_right)
    if (const auto counted = count_attempt(tx, settings_.attempts, key))
      note_wrong(tx, settings_.attempts, *counted, caller);
  return {{"gatewayId", std::string(kNotConfirmed)}};
}

Result<FieldErrors> PasswordCare::find_id(const std::string& session_token, const Form& posted, const Caller& caller) {
  const auto& fields = find_id_fields(model::AccountKind::customer);
  const Form form = taken(fields, posted);
  if (FieldErrors errors = errors_in(fields, form); !errors.empty()) return errors;
  const auto proved = holds_sheet(registry_, passwords_, settings_, form, caller);
  if (!proved) return fail(proved.error());
  return registry_.transact([&](Transaction& tx) {
    const auto owned = *proved ? tx.gateways().owned(entered(form, "gatewayId")) : std::nullopt;
    const auto account = owned ? tx.accounts().find(owned->account_id) : std::nullopt;
    if (!account || !model::same_telephone(account->person.tel, telephone_in(form)))
      return refuse_id(tx, form, *proved, caller);
    mail_login_id(tx, *account);
    tx.drafts().put(found_key(session_token), {{{"masked", masked_mail(account->person.mail)}}, true},
                    tx.now() + settings_.draft_lives);
    return FieldErrors{};
  });
}

std::optional<std::string> PasswordCare::found_id(const std::string& session_token) {
  return registry_.read([&](Transaction& tx) -> std::optional<std::string> {
    const auto draft = tx.drafts().find(found_key(session_token));
    if (!draft) return std::nullopt;
    return entered(draft->form, "masked");
  });
}

FieldErrors PasswordCare::mail_dealer_id(const Form& posted) {
  const auto& fields = find_id_fields(model::AccountKind::dealer);
  const Form form = taken(fields, posted);
  if (FieldErrors errors = errors_in(fields, form); !errors.empty()) return errors;
  registry_.transact([&](Transaction& tx) {
    tx.mail_requests().add(RequestKind::dealer_id, model::AccountKind::dealer,
                           {{"mail", entered(form, "mail")}, {"tel", telephone_in(form)}});
  });
  return {};
}

}  // namespace v2x::service
