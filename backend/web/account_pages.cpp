// R60 … R64, D40 … D42: profile, password and log-in history, the same for customers and dealers.
#include "backend/service/ports/accounts.hpp"
#include "backend/web/parse.hpp"
#include "backend/web/router.hpp"
#include "backend/web/view.hpp"
#include "common/jst.hpp"

namespace v2x::web {
namespace {

using service::FieldErrors;
using service::Form;

constexpr int kLoginsPerPage = 50;  // R64

Response profile_page(Exchange& exchange, const Form& form, const FieldErrors& errors, int status) {
  Data data;
  data.set("steps", steps_view(0));
  data.set("groups", fields_view(service::profile_fields(exchange.visitor().kind), form, errors));
  data.set("errors", errors_view(errors));
  data.set("action", exchange.path("/profile"));
  data.set("back", exchange.path("/menu"));
  data.set("next", "次に進む");
  return exchange.page(data, status);
}

Response show_profile(Exchange& exchange) {
  return profile_page(exchange, exchange.app().profile.form(exchange.visitor(), exchange.session()), {}, 200);
}

Response take_profile(Exchange& exchange) {
  const auto errors =
      exchange.app().profile.enter(exchange.visitor(), exchange.session(), exchange.request().form, exchange.caller());
  if (!errors) return exchange.error(errors.error());
  if (!errors->empty()) return profile_page(exchange, exchange.request().form, *errors, 422);
  return exchange.to(exchange.path("/profileConfirm"));
}

Response show_profile_confirm(Exchange& exchange) {
  const auto draft = exchange.app().profile.draft(exchange.session());
  if (!draft) return exchange.to(exchange.path("/profile"), Notice::draft_expired);
  if (draft->done) return exchange.to(exchange.path("/menu"));
  auto groups = service::profile_fields(exchange.visitor().kind);
  groups.pop_back();  // the password is not repeated
  Data data;
  data.set("texts", texts_view({"以下の内容に変更します。変更内容をご確認ください。"}));
  data.set("steps", steps_view(1));
  data.set("groups", values_view(groups, draft->form));
  data.set("back", exchange.path("/profile"));
  data.set("submit", "登録");
  return exchange.page(data);
}

Response take_profile_confirm(Exchange& exchange) {
  const auto asked = exchange.app().profile.submit(exchange.visitor(), exchange.session(), exchange.caller());
  if (!asked) return exchange.to(exchange.path("/profile"), Notice::draft_expired);
  return exchange.to(exchange.path("/menu"), *asked ? Notice::mail_change_asked : Notice::profile_changed);
}

Response password_page(Exchange& exchange, const FieldErrors& errors, int status) {
  Data data;
  data.set("texts", texts_view({kPasswordRule}));
  data.set("groups", fields_view(service::password_change_fields(), {}, errors));
  data.set("errors", errors_view(errors));
  data.set("back", exchange.path("/menu"));
  data.set("submit", "登録");
  return exchange.page(data, status);
}

Response show_password(Exchange& exchange) {
  return password_page(exchange, {}, 200);
}

Response take_password(Exchange& exchange) {
  const auto changed = exchange.app().password_care.change(exchange.visitor(), exchange.site().id,
                                                           exchange.request().form, exchange.caller());
  if (!changed) return exchange.error(changed.error());
  if (!changed->errors.empty()) return password_page(exchange, changed->errors, 422);
  exchange.begin_session(changed->session_token);
  return exchange.to(exchange.path("/menu"), Notice::password_changed);
}

const char* site_name(const std::string& site) {
  if (site == "reg") return "管理・登録サイト";
  if (site == "entry") return "販売店様 登録サイト";
  if (site == "ctrl") return "モニタリングサイト";
  return "アプリ";
}

Response show_history(Exchange& exchange) {
  const int page = exchange.page_number();
  auto logins = exchange.app().account_care.logins(exchange.visitor(), kLoginsPerPage + 1, (page - 1) * kLoginsPerPage);
  const bool more = static_cast<int>(logins.size()) > kLoginsPerPage;
  if (more) logins.pop_back();
  DataList rows;
  for (const service::LoginRecord& login : logins) {
    Data row;
    row.set("time", format_jst(login.time, "%Y/%m/%d %H:%M:%S"));
    row.set("login_site", site_name(login.site));
    row.set("address", login.address);
    row.set("result", login.success ? "成功" : "失敗");
    row.set("result_word", login.success ? "success" : "failure");
    row.set("user_agent", login.user_agent);
    rows.push_back(row);
  }
  const std::string here = exchange.path("/history?p=");
  Data data;
  data.set("rows", Data(rows));
  data.set("back", exchange.path("/menu"));
  if (page > 1) data.set("previous", here + std::to_string(page - 1));
  if (more) data.set("following", here + std::to_string(page + 1));
  return exchange.page(data);
}

}  // namespace

std::vector<Route> account_routes() {
  return {
      {"GET", "/reg/profile", "R60", Right::customer, show_profile},
      {"POST", "/reg/profile", "R60", Right::customer, take_profile},
      {"GET", "/reg/profileConfirm", "R61", Right::customer, show_profile_confirm},
      {"POST", "/reg/profileConfirm", "R61", Right::customer, take_profile_confirm},
      {"GET", "/reg/password", "R63", Right::customer, show_password},
      {"POST", "/reg/password", "R63", Right::customer, take_password},
      {"GET", "/reg/history", "R64", Right::customer, show_history},
      {"GET", "/entry/profile", "D40", Right::dealer, show_profile},
      {"POST", "/entry/profile", "D40", Right::dealer, take_profile},
      {"GET", "/entry/profileConfirm", "D40-confirm", Right::dealer, show_profile_confirm},
      {"POST", "/entry/profileConfirm", "D40-confirm", Right::dealer, take_profile_confirm},
      {"GET", "/entry/password", "D41", Right::dealer, show_password},
      {"POST", "/entry/password", "D41", Right::dealer, take_password},
      {"GET", "/entry/history", "D42", Right::dealer, show_history},
  };
}

}  // namespace v2x::web
