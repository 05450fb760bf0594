// API-07 … API-09: settings as the app reads and changes them.
#include <charconv>

#include "backend/service/device_settings.hpp"
#include "backend/service/setting_fields.hpp"
#include "backend/web/api/api_router.hpp"
#include "common/jst.hpp"

namespace v2x::web {
namespace {

constexpr int kMostChanges = 50;

/// Whole numbers as such, words as text.
nlohmann::json value_json(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc() && end == text.data() + text.size() ? nlohmann::json(number) : nlohmann::json(text);
}

nlohmann::json values_json(const service::Form& values) {
  nlohmann::json json = nlohmann::json::object();
  for (const auto& [name, value] : values)
    if (!service::tells_candidates(name)) json[name] = value_json(value);
  return json;
}

/// Of each setting that is one of several, what may be written (SET-11).
nlohmann::json candidates_json(const service::Form& known) {
  nlohmann::json json = nlohmann::json::object();
  for (const service::FieldGroup& group : service::device_setting_fields(known))
    for (const service::Field& field : group.fields)
      for (size_t i = 0; i < field.choices.size(); ++i)
        for (const service::Choice& choice : field.choices[i])
          json[std::string(field.names[i])].push_back(value_json(choice.value));
  return json;
}

Response show_settings(ApiExchange& exchange) {
  auto& settings = exchange.app().device_settings;
  const std::string& gateway_id = exchange.gateway().device.gateway_id;
  const auto shown = settings.show(exchange.visitor(), gateway_id);
  if (!shown) return exchange.problem(ProblemType::not_found);
  nlohmann::json history = nlohmann::json::array();
  for (const auto& line : settings.history(exchange.visitor(), gateway_id, kMostChanges, 0))
    history.push_back({{"time", format_time(line.time)},
                       {"by", line.author},
                       {"item", line.item},
                       {"old", line.old_value},
                       {"new", line.new_value},
                       {"state", to_string(line.state)},
                       {"result", line.result}});
  const auto& known = shown->known;
  return exchange.json({{"values", known ? values_json(known->values) : nlohmann::json(nullptr)},
                        {"candidates", known ? candidates_json(known->values) : nlohmann::json(nullptr)},
                        {"revision", known ? nlohmann::json(known->revision) : nlohmann::json(nullptr)},
                        {"read_at", known ? nlohmann::json(format_time(known->read_at)) : nlohmann::json(nullptr)},
                        {"history", history}});
}

Response refused(const ApiExchange& exchange, const Error& error) {
  if (error.code == "offline") return exchange.problem(ProblemType::gateway_offline, error.message);
  if (error.code == "busy") return exchange.problem(ProblemType::conflict, error.message);
  if (error.code == "stale_revision") return exchange.problem(ProblemType::stale_revision, error.message);
  return exchange.problem(ProblemType::not_found);
}

Response accepted(ApiExchange& exchange, std::int64_t id) {
  const auto request = exchange.app().device_settings.find(exchange.visitor(), id);
  if (!request) return refused(exchange, request.error());
  constexpr int kAccepted = 202;
  return exchange.json({{"request_id", id}, {"deadline", format_time(request->deadline)}}, kAccepted);
}

Response read_settings(ApiExchange& exchange) {
  const auto id = exchange.app().device_settings.read(exchange.visitor(), exchange.gateway().device.gateway_id);
  return id ? accepted(exchange, *id) : refused(exchange, id.error());
}

Response write_settings(ApiExchange& exchange) {
  service::SettingsWish wish;
  wish.revision = exchange.body()["revision"].get<std::int64_t>();
  for (const auto& [name, value] : exchange.body()["values"].items()) {
    if (!value.is_string() && !value.is_number_integer())
      return exchange.invalid({{name, name + "の値が正しくありません。"}});
    wish.values[name] = value.is_string() ? value.get<std::string>() : value.dump();
  }
  const auto asked = exchange.app().device_settings.write(exchange.visitor(), exchange.gateway().device.gateway_id,
                                                          wish, exchange.caller());
  if (!asked) return refused(exchange, asked.error());
  if (!asked->errors.empty()) return exchange.invalid(asked->errors);
  return accepted(exchange, asked->request_id);
}

Response show_request(ApiExchange& exchange) {
  const nlohmann::json id = value_json(exchange.part("id"));
  if (!id.is_number_integer()) return exchange.problem(ProblemType::not_found);
  const auto request = exchange.app().device_settings.find(exchange.visitor(), id.get<std::int64_t>());
  if (!request || request->gateway_id != exchange.gateway().device.gateway_id)
    return exchange.problem(ProblemType::not_found);
  return exchange.json({{"state", to_string(request->state)},
                        {"values", values_json(request->values)},
                        {"reason", request->reason.empty() ? nlohmann::json(nullptr) : nlohmann::json(request->reason)},
                        {"by", exchange.app().device_settings.author(exchange.visitor(), *request)},
                        {"finished_at", time_or_null(request->finished)}});
}

}  // namespace

std::vector<ApiRoute> settings_api_routes() {
  using enum ApiMember::Type;
  return {
      {"GET", "/api/v1/sites/{gw}/settings", Right::viewer, show_settings},
      {"POST", "/api/v1/sites/{gw}/settings/read", Right::viewer, read_settings},
      {"POST",
       "/api/v1/sites/{gw}/settings/write",
       Right::viewer,
       write_settings,
       {},
       {{"revision", whole_number}, {"values", object}}},
      {"GET", "/api/v1/sites/{gw}/requests/{id}", Right::viewer, show_request},
  };
}

}  // namespace v2x::web
