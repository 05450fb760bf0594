#include "backend/service/registration.hpp"

#include "backend/model/link_expiry.hpp"
#include "backend/service/gateway_proof.hpp"
#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/audit.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/service/ports/mail_requests.hpp"
#include "backend/service/ports/outbox.hpp"
#include "backend/service/registration_mails.hpp"
#include "backend/service/secrets.hpp"
#include "backend/service/text_rules.hpp"

namespace v2x::service {
namespace {

constexpr const char* kRegist = "regist";
constexpr const char* kMainRegist = "mainRegist";
constexpr int kMailLength = 254;  // REG-03

}  // namespace

Registration::Registration(model::AccountKind kind, Registry& registry, Passwords& passwords, Access& access,
                           const Terms& terms, const Settings& settings)
    : kind_(kind), registry_(registry), passwords_(passwords), access_(access), terms_(terms), settings_(settings) {}

const std::vector<FieldGroup>& Registration::fields() const {
  return kind_ == model::AccountKind::customer ? customer_registration_fields() : dealer_registration_fields();
}

DraftKey Registration::key(const std::string& session_token, const char* wizard) const {
  return {hash_of(session_token), to_string(kind_) + " " + wizard};
}

TokenPurpose Registration::purpose() const {
  return kind_ == model::AccountKind::customer ? TokenPurpose::customer_registration
                                               : TokenPurpose::dealer_registration;
}

Result<FieldErrors> Registration::enter(const std::string& session_token, const Form& posted, const Caller& caller) {
  const Form form = taken(fields(), posted);
  FieldErrors errors = errors_in(fields(), form);
  const bool with_gateway = kind_ == model::AccountKind::customer;
  if (with_gateway && !has_error(errors, "gatewayId") && !has_error(errors, "gatewayPassword")) {
    const auto wrong = prove_gateway(registry_, passwords_, settings_, form, caller);
    if (!wrong) return fail(wrong.error());
    if (*wrong) errors.push_back(**wrong);
  }
  if (!errors.empty()) return errors;
  const Form kept = without_passwords(fields(), form);
  registry_.transact([&](Transaction& tx) {
    tx.drafts().put(key(session_token, kRegist), {kept, false}, tx.now() + settings_.draft_lives);
  });
  return FieldErrors{};
}

std::optional<Draft> Registration::draft(const std::string& session_token) {
  return registry_.read([&](Transaction& tx) { return tx.drafts().find(key(session_token, kRegist)); });
}

Status Registration::submit(const std::string& session_token) {
  return registry_.transact([&](Transaction& tx) -> Status {
    const auto draft = tx.drafts().find(key(session_token, kRegist));
    if (!draft) return fail("no_draft", "the draft's time has passed");
    if (draft->done) return done();
    if (tx.gateways().owned(entered(draft->form, "gatewayId"))) return fail("taken", "the gateway has an owner by now");
    // What the address is decides a duty: here everybody's request looks, and takes, the same (SEC-06).
    tx.mail_requests().add(RequestKind::registration, kind_, draft->form);
    const Time expires = model::link_dies_at(tx.now(), settings_.link_valid_days);
    tx.drafts().put(key(session_token, kRegist), {{{"expires", model::last_good_day_on_page(expires)}}, true},
                    tx.now() + settings_.draft_lives);
    return done();
  });
}

UrlState Registration::url_state(const std::string& url_token) {
  return registry_.read([&](Transaction& tx) { return state_of(tx, tx.tokens().find(purpose(), hash_of(url_token))); });
}

Status Registration::agree(const std::string& session_token, const std::string& url_token) {
  return registry_.transact([&](Transaction& tx) -> Status {
    const std::string hash = hash_of(url_token);
    const UrlState state = state_of(tx, tx.tokens().find(purpose(), hash));
    if (state != UrlState::good) return fail(to_string(state), "the URL is dead");
    const Form form = {{"token", hash}, {"terms", terms_.current_stamp(tx, kind_).version}};
    tx.drafts().put(key(session_token, kMainRegist), {form, false}, tx.now() + settings_.draft_lives);
    return done();
  });
}

bool Registration::has_agreed(const std::string& session_token) {
  return registry_.read([&](Transaction& tx) {
    const auto draft = tx.drafts().find(key(session_token, kMainRegist));
    return draft && !draft->done;
  });
}

std::optional<std::string> Registration::completed_login_id(const std::string& session_token) {
  return registry_.read([&](Transaction& tx) -> std::optional<std::string> {
    const auto draft = tx.drafts().find(key(session_token, kMainRegist));
    if (!draft || !draft->done) return std::nullopt;
    return entered(draft->form, "loginId");
  });
}

Result<FieldErrors> Registration::judge(Transaction& tx, const LinkToken& token, const Form& form) const {
  const auto registration = tx.registrations().pending(token.subject);
  if (!registration) return fail("unknown", "the registration was replaced");
  return judge_telephone(tx, settings_, token, {telephone_in(form), telephone_in(registration->form)});
}

Result<FullRegistration> Registration::complete(const std::string& session_token, const Form& posted,
                                                const Caller& caller) {
  const Form form = taken(password_fields(), posted);
  FieldErrors errors = errors_in(password_fields(), form);
  // A wrong telephone number must stay counted, so this step commits whatever it finds.
  std::optional<Result<FieldErrors>> judged;
  std::optional<std::string> finished;
  registry_.transact([&](Transaction& tx) {
    const auto draft = tx.drafts().find(key(session_token, kMainRegist));
    if (draft && draft->done) finished = entered(draft->form, "loginId");
    const auto token = draft ? tx.tokens().find(purpose(), entered(draft->form, "token")) : std::nullopt;
    const UrlState state = state_of(tx, token);
    if (!draft)
      judged = fail("no_draft", "the draft's time has passed");
    else if (state != UrlState::good)
      judged = fail(to_string(state), "the URL is dead");
    else
      judged = has_error(errors, "tel1") ? Result<FieldErrors>(FieldErrors{}) : judge(tx, *token, form);
  });
  if (finished) return FullRegistration{{}, "", *finished};
  if (!*judged) return fail(judged->error());
  for (const FieldError& error : judged->value()) errors.push_back(error);
  if (!errors.empty()) return FullRegistration{errors, "", ""};

  const auto hash = passwords_.hash(entered(form, "password"));
  if (!hash) return fail(hash.error());
  return registry_.transact([&](Transaction& tx) -> Result<FullRegistration> {
    const auto draft = tx.drafts().find(key(session_token, kMainRegist));
    if (!draft) return fail("no_draft", "the draft's time has passed");
    if (draft->done) return FullRegistration{{}, "", entered(draft->form, "loginId")};
    const auto token = tx.tokens().find(purpose(), entered(draft->form, "token"));
    const UrlState state = state_of(tx, token);
    const auto registration = state == UrlState::good ? tx.registrations().pending(token->subject) : std::nullopt;
    if (!registration) return fail(to_string(state == UrlState::good ? UrlState::unknown : state), "the URL is dead");
    FullRegistration result = activate(tx, *registration, caller, *hash);
    const auto account = *tx.accounts().of_login(kind_, result.login_id);
    tx.accounts().note_agreement(account.id, entered(draft->form, "terms"), caller.address);
    tx.tokens().use(token->hash);
    tx.drafts().put(key(session_token, kMainRegist), {{{"loginId", result.login_id}}, true},
                    tx.now() + settings_.draft_lives);
    return result;
  });
}

FullRegistration Registration::activate(Transaction& tx, const PendingRegistration& registration, const Caller& caller,
                                        const std::string& password_hash) {
  model::Account account{
      0, kind_, "", password_hash, entered(registration.form, "dealerName"), person_in(registration.form)};
  account = tx.accounts().add(account);
  tx.registrations().complete(registration.id);
  const std::string cause = "account " + std::to_string(account.id);
  OutboxMail welcome{.kind = "M-02",
                     .cause = cause,
                     .to = account.person.mail,
                     .fields = {{"name", account.person.full_name()}},
                     .recipient = cause};
  if (kind_ == model::AccountKind::customer) {
    const std::string gateway_id = entered(registration.form, "gatewayId");
    const model::Site site = site_in(registration.form);
    tx.gateways().claim(gateway_id, account.id, site);
    welcome.fields["gw"] = gateway_id;
    welcome.fields["site"] = site.name;
  } else {
    welcome.kind = "M-22";
    welcome.fields = {{"dealer", account.dealer_name}, {"dealer_id", account.login_id}};
  }
  tx.outbox().enqueue(welcome);
  tx.outbox().assign(registration_kind(kind_), {account.person.mail, cause});
  tx.audit().write({cause, caller.address, "agreement", "terms", "ok"});
  tx.audit().write(
      {cause, caller.address, "full registration", "registration " + std::to_string(registration.id), "ok"});
  const SiteId site = kind_ == model::AccountKind::customer ? SiteId::reg : SiteId::entry;
  return {{}, access_.start_session(tx, site, account.id), account.login_id};
}

Status Registration::resend(const std::string& session_token, const std::string& url_token) {
  return registry_.transact([&](Transaction& tx) -> Status {
    const auto token = tx.tokens().find(purpose(), hash_of(url_token));
    const UrlState state = state_of(tx, token);
    const auto registration = state == UrlState::expired ? tx.registrations().pending(token->subject) : std::nullopt;
    if (!registration)
      return fail(to_string(state == UrlState::expired ? UrlState::unknown : state), "nothing to send again");
    mail_registration_url(tx, settings_, *registration, tx.now());
    const Time expires = model::link_dies_at(tx.now(), settings_.link_valid_days);
    tx.drafts().put(key(session_token, kRegist), {{{"expires", model::last_good_day_on_page(expires)}}, true},
                    tx.now() + settings_.draft_lives);
    return done();
  });
}

void Registration::resend_to(const std::string& mail) {
  registry_.transact([&](Transaction& tx) {
    tx.mail_requests().add(RequestKind::resend, kind_, {{"mail", first_characters(mail, kMailLength)}});
  });
}

}  // namespace v2x::service
