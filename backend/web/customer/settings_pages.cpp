// R65, R66: a customer's news by mail, and the end of the account.
#include "backend/web/router.hpp"
#include "backend/web/view.hpp"

namespace v2x::web {
namespace {

using service::FieldErrors;
using service::Form;

constexpr const char* kMenu = "/reg/menu";

Response show_news(Exchange& exchange) {
  Form form;
  if (exchange.visitor().notify_fault) form["notifyFault"] = "1";
  if (exchange.visitor().notify_offline) form["notifyOffline"] = "1";
  Data data;
  data.set("groups", fields_view(service::notify_fields(), form, {}));
  data.set("back", kMenu);
  data.set("submit", "登録");
  return exchange.page(data);
}

Response take_news(Exchange& exchange) {
  exchange.app().account_care.set_news(exchange.visitor(), exchange.request().form, exchange.caller());
  return exchange.to(kMenu, Notice::notify_changed);
}

Response close_page(Exchange& exchange, const Form& form, const FieldErrors& errors, int status) {
  Data data;
  data.set("consequences",
           consequences_view("アカウントを削除すると",
                             {"登録されているすべてのゲートウェイの登録が解除され、データを閲覧できなくなります。",
                              "販売店様による保守は、すべて終了します。販売店様にはメールでお知らせします。",
                              "氏名、住所、電話番号、メールアドレスは削除されます。",
                              "アプリを含め、このアカウントではログインできなくなります。元に戻すことはできません。"}));
  data.set("groups", fields_view(service::closing_fields(), form, errors));
  data.set("errors", errors_view(errors));
  data.set("back", kMenu);
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
  return exchange.to("/reg/", Notice::account_closed);
}

}  // namespace

std::vector<Route> settings_routes() {
  return {
      {"GET", "/reg/notify", "R65", Right::customer, show_news},
      {"POST", "/reg/notify", "R65", Right::customer, take_news},
      {"GET", "/reg/account/close", "R66", Right::customer, show_close},
      {"POST", "/reg/account/close", "R66", Right::customer, take_close},
  };
}

}  // namespace v2x::web
