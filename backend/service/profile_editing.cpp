#include "backend/service/profile_editing.hpp"

#include "backend/model/link_expiry.hpp"
#include "backend/model/telephone.hpp"
#include "backend/service/mail_texts.hpp"
#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/audit.hpp"
#include "backend/service/ports/outbox.hpp"
#include "backend/service/ports/sessions.hpp"
#include "backend/service/registration_mails.hpp"
#include "backend/service/secrets.hpp"
#include "common/jst.hpp"

namespace v2x::service {
namespace {

DraftKey key(const std::string& session_token) {
  return {hash_of(session_token), "profile"};
}

std::string actor(const model::Account& account) {
  return "account " + std::to_string(account.id);
}

bool needs_password(const model::Account& account, const Form& form) {
  return entered(form, "mail") != account.person.mail || !model::same_telephone(telephone_in(form), account.person.tel);
}

/// Who an address belongs to, if it isn't this account.
std::optional<model::Account> other_holder(Transaction& tx, const model::Account& account, const std::string& mail) {
  auto holder = tx.accounts().of_mail(account.kind, mail);
  if (!holder || holder->id == account.id) return std::nullopt;
  return holder;
}

}  // namespace

std::optional<Draft> ProfileEditing::draft(const std::string& session_token) {
  return registry_.read([&](Transaction& tx) { return tx.drafts().find(key(session_token)); });
}

Form ProfileEditing::form(const model::Account& account, const std::string& session_token) {
  if (const auto kept = draft(session_token); kept && !kept->done) return kept->form;
  Form form = form_of(account.person);
  form["dealerName"] = account.dealer_name;
  return form;
}

Result<FieldErrors> ProfileEditing::enter(const model::Account& account, const std::string& session_token,
                                          const Form& posted, const Caller& caller) {
  const auto& fields = profile_fields(account.kind);
  const Form form = taken(fields, posted);
  FieldErrors errors = errors_in(fields, form);
  const std::string password = entered(form, "currentPassword");
  if (needs_password(account, form)) {
    if (password.empty()) {
      errors.push_back({"currentPassword", "現在のパスワードを入力してください。"});
    } else {
      const auto proved = access_.knows_password(account, password, caller);
      if (!proved) return fail(proved.error());
      if (!*proved) errors.push_back({"currentPassword", std::string(kWrongPassword)});
    }
  }
  if (!errors.empty()) return errors;
  registry_.transact([&](Transaction& tx) {
    tx.drafts().put(key(session_token), {without_passwords(fields, form), false}, tx.now() + settings_.draft_lives);
  });
  return FieldErrors{};
}

Result<bool> ProfileEditing::submit(const model::Account& account, const std::string& session_token,
                                    const Caller& caller) {
  return registry_.transact([&](Transaction& tx) -> Result<bool> {
    auto draft = tx.drafts().find(key(session_token));
    if (!draft) return fail("no_draft", "the draft's time has passed");
    const std::string mail = entered(draft->form, "mail");
    const bool moves = mail != account.person.mail;
    if (draft->done) return moves;
    auto changed = tx.accounts().find(account.id);
    if (!changed) return fail("no_draft", "the account was closed");
    changed->person = person_in(draft->form);
    changed->person.mail = account.person.mail;  // stays until the new one is confirmed
    changed->dealer_name = entered(draft->form, "dealerName");
    tx.accounts().update(*changed);
    if (moves) propose_mail(tx, *changed, mail);
    tx.audit().write({actor(account), caller.address, "profile", actor(account), "ok"});
    draft->done = true;
    tx.drafts().put(key(session_token), *draft, tx.now() + settings_.draft_lives);
    return moves;
  });
}

void ProfileEditing::propose_mail(Transaction& tx, const model::Account& account, const std::string& mail) const {
  const std::string cause = actor(account) + " mail change at " + format_time(tx.now());
  if (const auto holder = other_holder(tx, account, mail)) return mail_known_address(tx, settings_, *holder);
  const Time expires = model::link_dies_at(tx.now(), settings_.link_valid_days);
  const std::string token = new_token();
  const bool queued = tx.outbox()
                          .enqueue({.kind = "M-06",
                                    .cause = cause,
                                    .to = mail,
                                    .fields = {{"name", account.person.full_name()},
                                               {"token", token},
                                               {"date", model::last_good_day_in_mail(expires)}},
                                    .expires = expires,
                                    .recipient = actor(account)})
                          .has_value();
  if (!queued) return;  // the same change at the same instant: its mail stands
  tx.accounts().propose_mail(account.id, mail);
  tx.tokens().add({hash_of(token), TokenPurpose::mail_change, account.id, expires, {}, 0, {}});
}

UrlState ProfileEditing::change_state(Transaction& tx, const std::string& url_token) const {
  const auto token = tx.tokens().find(TokenPurpose::mail_change, hash_of(url_token));
  const UrlState state = state_of(tx, token);
  if (state != UrlState::good) return state;
  const auto account = tx.accounts().find(token->subject);
  const auto mail = tx.accounts().proposed_mail(token->subject);
  if (!account || !mail || other_holder(tx, *account, *mail)) return UrlState::unknown;
  return UrlState::good;
}

UrlState ProfileEditing::mail_change_state(const std::string& url_token) {
  return registry_.read([&](Transaction& tx) { return change_state(tx, url_token); });
}

Result<model::AccountKind> ProfileEditing::change_mail(const std::string& url_token, const Caller& caller) {
  return registry_.transact([&](Transaction& tx) -> Result<model::AccountKind> {
    const UrlState state = change_state(tx, url_token);
    if (state != UrlState::good) return fail(to_string(state), "the URL is dead");
    const std::string hash = hash_of(url_token);
    const auto account = *tx.accounts().find(tx.tokens().find(TokenPurpose::mail_change, hash)->subject);
    tx.accounts().change_mail(account.id, *tx.accounts().proposed_mail(account.id));
    tx.tokens().use(hash);
    tx.sessions().remove_of_account(account.id);
    tx.outbox().enqueue({.kind = "M-07",
                         .cause = actor(account) + " changed at " + format_time(tx.now()),
                         .to = account.person.mail,
                         .fields = {{"name", account.person.full_name()}, {"time", mail_time(tx.now())}},
                         .recipient = actor(account)});
    tx.audit().write({actor(account), caller.address, "mail changed", actor(account), "ok"});
    return account.kind;
  });
}

}  // namespace v2x::service
