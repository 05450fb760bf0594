#include "backend/store/sql_mail_requests.hpp"

#include "backend/store/form_text.hpp"
#include "backend/store/sql.hpp"

namespace v2x::store {

void SqlMailRequests::add(service::RequestKind kind, model::AccountKind account_kind, const service::Form& form) {
  const std::string word = to_string(kind), account_word = to_string(account_kind), text = to_text(form);
  const Time now = transaction_.now();
  session_ << "INSERT INTO mail_requests (kind, account_kind, form, time) VALUES (:kind, :account, :form, :now)",
      soci::use(word), soci::use(account_word), soci::use(text), soci::use(now);
}

std::optional<service::MailRequest> SqlMailRequests::oldest() {
  service::MailRequest request;
  std::string kind, account_kind, form;
  long long id = 0;
  session_ << "SELECT id, kind, account_kind, form, time FROM mail_requests ORDER BY id LIMIT 1", soci::into(id),
      soci::into(kind), soci::into(account_kind), soci::into(form), soci::into(request.made);
  if (!session_.got_data()) return std::nullopt;
  request.id = id;
  request.kind = service::request_kind(kind);
  request.account_kind = model::account_kind(account_kind);
  request.form = form_of(form);
  return request;
}

void SqlMailRequests::remove(std::int64_t id) {
  const auto key = static_cast<long long>(id);
  session_ << "DELETE FROM mail_requests WHERE id = :id", soci::use(key);
}

}  // namespace v2x::store
