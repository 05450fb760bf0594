// R66, D43: the end of a customer's and of a dealer's account.
#include "backend/web/router.hpp"
#include "backend/web/view.hpp"

namespace v2x::web {
namespace {

using service::FieldErrors;
using service::Form;

constexpr const char* kHeading = "アカウントを削除すると";

bool of_dealer(const Exchange& exchange) {
  return exchange.site().id == service::SiteId::entry;
}

Data consequences_of(const Exchange& exchange) {
  if (of_dealer(exchange))
    return consequences_view(
        kHeading, {"保守を任されているすべてのゲートウェイの保守が終了します。お客様にはメールでお知らせします。",
                   "保守担当者の登録と、販売店様の氏名、住所、電話番号、メールアドレスは削除されます。",
                   "この販売店IDではログインできなくなります。元に戻すことはできません。"});
  return consequences_view(kHeading,
                           {"登録されているすべてのゲートウェイの登録が解除され、データを閲覧できなくなります。",
                            "販売店様による保守は、すべて終了します。販売店様にはメールでお知らせします。",
                            "氏名、住所、電話番号、メールアドレスは削除されます。",
                            "アプリを含め、このアカウントではログインできなくなります。元に戻すことはできません。"});
}

Response close_page(Exchange& exchange, const Form& form, const FieldErrors& errors, int status) {
  Data data;
  data.set("consequences", consequences_of(exchange));
  data.set("groups", fields_view(service::closing_fields(), form, errors));
  data.set("errors", errors_view(errors));
  data.set("back", of_dealer(exchange) ? "/entry/menu" : "/reg/menu");
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
  const char* start = of_dealer(exchange) ? "/entry/" : "/reg/";
  exchange.end_session();
  return exchange.to(start, Notice::account_closed);
}

}  // namespace

std::vector<Route> closing_routes() {
  return {
      {"GET", "/reg/account/close", "R66", Right::customer, show_close},
      {"POST", "/reg/account/close", "R66", Right::customer, take_close},
      {"GET", "/entry/account/close", "D43", Right::dealer, show_close},
      {"POST", "/entry/account/close", "D43", Right::dealer, take_close},
  };
}

}  // namespace v2x::web
