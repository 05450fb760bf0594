// M05: what energy cost and earned, and the form of the owner's prices.
#include <fmt/format.h>

#include <array>

#include "backend/service/economy.hpp"
#include "backend/web/monitoring/frame.hpp"
#include "backend/web/monitoring/period_view.hpp"
#include "backend/web/router.hpp"
#include "backend/web/view.hpp"
#include "common/jst.hpp"

namespace v2x::web {
namespace {

using model::Money;
using service::EconomyReport;
using service::FieldErrors;
using service::Form;

constexpr const char* kEconomy = "/ctrl/economy";
constexpr std::array kDays = {"日", "月", "火", "水", "木", "金", "土"};

std::string yen(const std::optional<Money>& money) {
  return money ? model::with_commas(money->yen()) : "-";
}

Data money_row(model::Span span, const service::MoneySlot& slot) {
  Data row;
  row.set("slot", slot_text(span, slot.start));
  row.set("cost", yen(slot.cost));
  row.set("income", yen(slot.income));
  row.set("balance", yen(slot.balance()));
  row.set("estimated", Data(slot.quality == service::EnergySlot::Quality::estimated));
  return row;
}

std::string slot_time(int slot) {
  return fmt::format("{:02}:{:02}", slot / 2, slot % 2 * 30);
}

Data times_view(int first, int last, const std::string& chosen) {
  DataList options;
  for (int slot = first; slot <= last; ++slot) {
    Data option;
    option.set("value", std::to_string(slot));
    option.set("text", slot_time(slot));
    option.set("selected", Data(std::to_string(slot) == chosen));
    options.push_back(option);
  }
  return Data(options);
}

Data band_view(size_t band, const Form& form, const FieldErrors& errors) {
  const auto value = [&](std::string_view part) { return service::entered(form, service::band_field(band, part)); };
  DataList days;
  for (size_t day = 0; day < kDays.size(); ++day) {
    Data item;
    item.set("name", service::band_field(band, service::kDayFields[day]));
    item.set("text", kDays[day]);
    item.set("checked", Data(!value(service::kDayFields[day]).empty()));
    days.push_back(item);
  }
  Data view;
  view.set("number", std::to_string(band));
  view.set("days", Data(days));
  view.set("from_name", service::band_field(band, "From"));
  view.set("until_name", service::band_field(band, "Until"));
  view.set("price_name", service::band_field(band, "Price"));
  view.set("from", times_view(0, model::kSlotsOfDay - 1, value("From")));
  view.set("until", times_view(1, model::kSlotsOfDay, value("Until")));
  view.set("price", value("Price"));
  DataList texts;
  for (const auto& error : errors)
    if (error.name == service::band_field(band, "Price") || error.name == service::band_field(band, "From")) {
      Data item;
      item.set("name", error.name);
      item.set("text", error.text);
      texts.push_back(item);
    }
  view.set("band_errors", Data(texts));
  return view;
}

/// Sets `key` only where there is an error: an empty text is shown, too.
void set_error(Data& data, const char* key, const FieldErrors& errors, std::string_view name) {
  for (const auto& error : errors)
    if (error.name == name) data.set(key, error.text);
}

/// 「2026年4月1日から」 of each tariff that was entered.
DataList tariffs_view(const std::vector<model::Tariff>& tariffs) {
  DataList items;
  for (const auto& tariff : tariffs) {
    Data item;
    item.set("text", format_jst(tariff.valid_from, "%Y年%-m月%-d日から"));
    items.push_back(item);
  }
  return items;
}

void set_form(Data& data, const Form& form, const FieldErrors& errors, Time now) {
  DataList bands;
  for (size_t band = 1; band <= model::kMostBands; ++band) bands.push_back(band_view(band, form, errors));
  data.set("bands", Data(bands));
  data.set("sell_price", service::entered(form, "sellPrice"));
  set_error(data, "sell_error", errors, "sellPrice");
  const std::string from = service::entered(form, "validFrom");
  data.set("valid_from", from.empty() ? format_jst(now, "%Y-%m-%d") : from);
  set_error(data, "from_error", errors, "validFrom");
  data.set("errors", errors_view(errors));
}

void set_report(Data& data, const model::Period& period, const EconomyReport& report) {
  if (report.tariffs.empty()) {
    data.set("no_tariff", Data(true));
    return;
  }
  DataList rows;
  for (const auto& slot : report.slots) rows.push_back(money_row(period.span, slot));
  Data money;
  money.set("cost", yen(report.total.cost));
  money.set("income", yen(report.total.income));
  money.set("balance", yen(report.total.balance()));
  money.set("loss", Data(report.total.balance() && report.total.balance()->yen() < 0));
  money.set("rows", Data(rows));
  data.set("money", money);
  data.set("tariffs", Data(tariffs_view(report.tariffs)));
}

Response economy_page(Exchange& exchange, const service::OwnedGateway& gateway, Data data, const FieldErrors& errors) {
  const auto period = asked_period(exchange);
  if (!period) return exchange.error(400);
  const auto& economy = exchange.app().economy;
  const auto report = economy.report(exchange.visitor(), gateway.device.gateway_id, *period);
  if (!report) return exchange.error(404);
  set_period(data, exchange, kEconomy, gateway, *period);
  set_report(data, *period, *report);
  set_form(data, errors.empty() ? economy.form(*report) : exchange.request().form, errors, exchange.now());
  data.set("tariff_action", of_gateway(kEconomy, gateway));
  return exchange.page(data, errors.empty() ? 200 : 422);
}

Response show_economy(Exchange& exchange) {
  return with_gateway(exchange, [](Exchange& ex, const service::OwnedGateway& gateway, Data data) {
    return economy_page(ex, gateway, std::move(data), {});
  });
}

Response take_tariff(Exchange& exchange) {
  return with_gateway(exchange, [](Exchange& ex, const service::OwnedGateway& gateway, Data data) {
    const auto errors =
        ex.app().economy.set_tariff(ex.visitor(), gateway.device.gateway_id, ex.request().form, ex.caller());
    if (!errors) return ex.error(404);
    if (!errors->empty()) return economy_page(ex, gateway, std::move(data), *errors);
    return ex.to(of_gateway(kEconomy, gateway), Notice::tariff_changed);
  });
}

}  // namespace

std::vector<Route> economy_routes() {
  return {
      {"GET", kEconomy, "M05", Right::tariff, show_economy},
      {"POST", kEconomy, "M05", Right::tariff, take_tariff},
  };
}

}  // namespace v2x::web
