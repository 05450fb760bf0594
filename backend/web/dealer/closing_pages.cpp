// D43: the end of a dealer's account.
#include "backend/web/router.hpp"
#include "backend/web/view.hpp"

namespace v2x::web {
namespace {

using service::FieldErrors;
using service::Form;

Response close_page(Exchange& exchange, const Form& form, const FieldErrors& errors, int status) {
  Data data;
  data.set(
      "consequences",
      consequences_view("アカウントを削除すると",
                        {"保守を任されているすべてのゲートウェイの保守が終了します。お客様にはメールでお知らせします。",
                         "保守担当者の登録と、販売店様の氏名、住所、電話番号、メールアドレスは削除されます。",
                         "この販売店IDではログインできなくなります。元に戻すことはできません。"}));
  data.set("groups", fields_view(service::closing_fields(), form, errors));
  data.set("errors", errors_view(errors));
  data.set("back", "/entry/menu");
  data.set("submit", "削除");
  return exchange.page(data, status);
}

Response show_close(Exchange& exchange) {
  return close_page(exchange, {}, {}, 200);
}

Response take_close(Exchange& exchange) {
  const Form& form = exchange.request().form;
  const auto errors = exchange.app().account_care.close(exchange.visitor(), form, exchange.caller());
  if (!errors) return exchange.error(errors.error());
  if (!errors->empty()) return close_page(exchange, form, *errors, 422);
  exchange.end_session();
  return exchange.to("/entry/", Notice::account_closed);
}

}  // namespace

std::vector<Route> dealer_closing_routes() {
  return {
      {"GET", "/entry/account/close", "D43", Right::dealer, show_close},
      {"POST", "/entry/account/close", "D43", Right::dealer, take_close},
  };
}

}  // namespace v2x::web
