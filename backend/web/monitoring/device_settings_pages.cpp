// M08 … M10: reading and changing the settings of a gateway's devices, and their history.
#include <charconv>
#include <nlohmann/json.hpp>

#include "backend/service/refusals.hpp"
#include "backend/service/setting_fields.hpp"
#include "backend/web/monitoring/confirmation.hpp"
#include "backend/web/monitoring/frame.hpp"
#include "backend/web/router.hpp"
#include "backend/web/view.hpp"
#include "common/jst.hpp"

namespace v2x::web {
namespace {

using service::Form;
using service::SettingRequest;
using service::SettingsShown;

constexpr const char* kSettings = "/ctrl/settings";
constexpr const char* kConfirm = "/ctrl/settingsConfirm";
constexpr const char* kResult = "/ctrl/settingsResult";
constexpr const char* kRequests = "/ctrl/settings/requests/";
constexpr const char* kTimeFormat = "%Y/%m/%d %H:%M";
constexpr int kRowsPerPage = 50;
constexpr int kReloadS = 2;  // of a result that is awaited without script
constexpr int kRenewS = 30;  // of the history and whether the gateway is there; never of the form

std::string result_path(std::int64_t request_id) {
  return std::string(kResult) + "?req=" + std::to_string(request_id);
}

std::int64_t number_in(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc() && end == text.data() + text.size() ? number : 0;
}

/// Scripts name the session's token in a header and want JSON; forms want a page.
bool is_script(const Exchange& exchange) {
  return !exchange.request().csrf_header.empty();
}

int status_of(const Error& error) {
  return error.code == "not_found" ? 404 : 409;
}

DataList history_view(const std::vector<service::SettingHistoryLine>& lines) {
  DataList rows;
  for (const auto& line : lines) {
    Data row;
    row.set("time", format_jst(line.time, kTimeFormat));
    row.set("author", line.author);
    row.set("item", line.item);
    row.set("old_value", line.old_value);
    row.set("new_value", line.new_value);
    row.set("state", to_string(line.state));
    row.set("result", line.result);
    rows.push_back(row);
  }
  return rows;
}

void add_history(Data& data, Exchange& exchange, const std::string& gateway_id) {
  const int page = exchange.page_number();
  auto lines = exchange.app().device_settings.history(exchange.visitor(), gateway_id, kRowsPerPage + 1,
                                                      (page - 1) * kRowsPerPage);
  const std::string here = at_gateway(kSettings, gateway_id) + "&p=";
  if (page > 1) data.set("previous", here + std::to_string(page - 1));
  if (lines.size() > kRowsPerPage) {
    data.set("following", here + std::to_string(page + 1));
    lines.pop_back();
  }
  data.set("history", Data(history_view(lines)));
}

/// Without script the form is left in peace until nobody can have touched it for the length of a session: then M13.
void follow_history(Data& data, Exchange& exchange, const std::string& gateway_id) {
  std::string address = at_gateway(kSettings, gateway_id);
  if (const int page = exchange.page_number(); page > 1) address += "&p=" + std::to_string(page);
  const auto idle = std::chrono::duration_cast<std::chrono::seconds>(exchange.app().settings.session_idle);
  set_renewal(data, address, {.reload_s = static_cast<int>(idle.count()) + 1, .in_place_s = kRenewS});
}

/// M08 with `form` in place of the known values when it was refused.
Response settings_page(Exchange& exchange, const SettingsShown& shown, const Form* form,
                       const service::FieldErrors& errors, int status) {
  const std::string& gateway_id = shown.gateway.device.gateway_id;
  exchange.set_page("M08");
  Data data = frame_of(exchange, shown.gateway);
  if (!shown.reachable) data.set("unreachable", std::string(service::kGatewayOffline));
  if (shown.known) {
    data.set("read_at", format_jst(shown.known->read_at, kTimeFormat));
    data.set("revision", std::to_string(shown.known->revision));
    const Form known = service::form_of_settings(shown.known->values);
    data.set("groups", fields_view(service::device_setting_fields(shown.known->values), form ? *form : known, errors));
  }
  add_history(data, exchange, gateway_id);
  follow_history(data, exchange, gateway_id);
  data.set("errors", errors_view(errors));
  return exchange.page(data, status);
}

Response show_settings(Exchange& exchange) {
  const auto gateway = shown_gateway(exchange);
  const auto shown = gateway ? exchange.app().device_settings.show(exchange.visitor(), gateway->device.gateway_id)
                             : std::optional<SettingsShown>();
  if (!shown) return exchange.error(404);
  return settings_page(exchange, *shown, nullptr, {}, 200);
}

/// M08 with a sentence about what stands in the way (SET-03, SET-04).
Response refused_page(Exchange& exchange, const std::string& gateway_id, const Error& error) {
  const auto shown = exchange.app().device_settings.show(exchange.visitor(), gateway_id);
  if (!shown || error.code == "not_found") return exchange.error(404);
  return settings_page(exchange, *shown, nullptr, {{"settings", error.message}}, status_of(error));
}

Response json_error(Exchange& exchange, const Error& error) {
  const int status = status_of(error);
  return exchange.json(
      nlohmann::json{{"type", error.code}, {"status", status}, {"detail", status == 404 ? "" : error.message}}.dump(),
      status);
}

Response accepted(Exchange& exchange, std::int64_t request_id) {
  constexpr int kAccepted = 202;  // SET-01
  if (!is_script(exchange)) return exchange.to(result_path(request_id));
  return exchange.json(nlohmann::json{{"request_id", request_id}}.dump(), kAccepted);
}

Response take_read(Exchange& exchange) {
  const std::string gateway_id = exchange.query("gw");
  const auto asked = exchange.app().device_settings.read(exchange.visitor(), gateway_id);
  if (asked) return accepted(exchange, *asked);
  return is_script(exchange) ? json_error(exchange, asked.error()) : refused_page(exchange, gateway_id, asked.error());
}

Response invalid(Exchange& exchange, const std::string& gateway_id, const service::FieldErrors& errors) {
  constexpr int kInvalid = 422;
  if (is_script(exchange)) {
    nlohmann::json list = nlohmann::json::array();
    for (const auto& error : errors) list.push_back({{"field", error.name}, {"text", error.text}});
    return exchange.json(nlohmann::json{{"type", "invalid"}, {"status", kInvalid}, {"errors", list}}.dump(), kInvalid);
  }
  const auto shown = exchange.app().device_settings.show(exchange.visitor(), gateway_id);
  if (!shown) return exchange.error(404);
  return settings_page(exchange, *shown, &exchange.request().form, errors, kInvalid);
}

/// Straight to the gateway, for scripts; the form's way goes by M09.
Response take_write(Exchange& exchange) {
  const std::string gateway_id = exchange.query("gw");
  service::SettingsWish wish{number_in(exchange.field("revision")), {}};
  for (const auto& [name, value] : exchange.request().form)
    if (name != "revision" && name != "_csrf") wish.values[name] = value;
  const auto asked = exchange.app().device_settings.write(exchange.visitor(), gateway_id, wish, exchange.caller());
  if (asked && !asked->errors.empty()) return invalid(exchange, gateway_id, asked->errors);
  if (asked) return accepted(exchange, asked->request_id);
  return is_script(exchange) ? json_error(exchange, asked.error()) : refused_page(exchange, gateway_id, asked.error());
}

Response take_settings(Exchange& exchange) {
  const std::string gateway_id = exchange.query("gw");
  const auto errors =
      exchange.app().device_settings.enter(exchange.visitor(), exchange.session(), gateway_id, exchange.request().form);
  if (!errors) return refused_page(exchange, gateway_id, errors.error());
  if (!errors->empty()) return invalid(exchange, gateway_id, *errors);
  return exchange.to(at_gateway(kConfirm, gateway_id));
}

/// What waits for 「設定」, or was set already, of this gateway.
std::optional<service::Draft> own_draft(Exchange& exchange, const std::string& gateway_id) {
  return draft_for(gateway_id, exchange.app().device_settings.draft(exchange.session()));
}

Response draft_expired(Exchange& exchange, const std::string& gateway_id) {
  return exchange.to(at_gateway(kSettings, gateway_id), Notice::draft_expired);
}

Response show_confirm(Exchange& exchange) {
  const std::string gateway_id = exchange.query("gw");
  const auto shown = exchange.app().device_settings.show(exchange.visitor(), gateway_id);
  if (!shown) return exchange.error(404);
  const auto draft = own_draft(exchange, gateway_id);
  if (!draft) return draft_expired(exchange, gateway_id);
  if (draft->done) return exchange.to(result_path(number_in(service::entered(draft->form, "request"))));
  return exchange.page(confirmation_view(shown->gateway, service::device_setting_fields(), draft->form,
                                         "以下の内容で機器を設定します。設定内容をご確認ください。", kSettings));
}

Response take_confirm(Exchange& exchange) {
  const std::string gateway_id = exchange.query("gw");
  if (!exchange.app().device_settings.show(exchange.visitor(), gateway_id)) return exchange.error(404);
  if (!own_draft(exchange, gateway_id)) return draft_expired(exchange, gateway_id);
  const auto asked = exchange.app().device_settings.submit(exchange.visitor(), exchange.session(), exchange.caller());
  if (asked) return exchange.to(result_path(*asked));
  if (asked.error().code == "no_draft") return draft_expired(exchange, gateway_id);
  return refused_page(exchange, gateway_id, asked.error());
}

Response show_result(Exchange& exchange) {
  auto& settings = exchange.app().device_settings;
  const auto request = settings.find(exchange.visitor(), number_in(exchange.query("req")));
  const auto shown = request ? settings.show(exchange.visitor(), request->gateway_id) : std::nullopt;
  if (!shown) return exchange.error(404);
  if (request->act == service::SettingAct::read && request->state == service::RequestState::done)
    return exchange.to(at_gateway(kSettings, request->gateway_id), Notice::settings_read);
  Data data = frame_of(exchange, shown->gateway);
  data.set("request_id", std::to_string(request->id));
  data.set("state", to_string(request->state));
  data.set("result", result_text(*request));
  if (const std::string detail = service::refusal_detail(request->reason); !detail.empty()) data.set("detail", detail);
  if (request->act == service::SettingAct::write) data.set("steps", steps_view(2));
  if (!is_final(request->state)) {
    data.set("open", Data(true));
    data.set("poll", kRequests + std::to_string(request->id));
    set_renewal(data, result_path(request->id), {.reload_s = kReloadS, .in_place_s = {}});
  }
  return exchange.page(data);
}

Response show_request(Exchange& exchange) {
  const auto request = exchange.app().device_settings.find(exchange.visitor(), number_in(exchange.part("id")));
  if (!request) return json_error(exchange, request.error());
  nlohmann::json json{{"request_id", request->id},
                      {"state", to_string(request->state)},
                      {"text", result_text(*request)},
                      {"reason", request->reason},
                      {"finished_at", nullptr}};
  if (request->finished) json["finished_at"] = format_time(*request->finished);
  return exchange.json(json.dump());
}

}  // namespace

std::vector<Route> device_settings_routes() {
  return {
      {"GET", kSettings, "M08", Right::viewer, show_settings},
      {"POST", kSettings, "M08", Right::viewer, take_settings},
      {"POST", "/ctrl/settings/read", "M08", Right::viewer, take_read},
      {"POST", "/ctrl/settings/write", "M08", Right::viewer, take_write},
      {"GET", kConfirm, "M09", Right::viewer, show_confirm},
      {"POST", kConfirm, "M09", Right::viewer, take_confirm},
      {"GET", kResult, "M10", Right::viewer, show_result},
      {.method = "GET",
       .path = "/ctrl/settings/requests/{id}",
       .page = "M10",
       .right = Right::viewer,
       .answer = show_request,
       .in_background = true},
  };
}

}  // namespace v2x::web
