// M12: 「データ出力」, a month of half-hours as a file (MON-27).
#include <fmt/format.h>

#include "backend/service/gateway_history.hpp"
#include "backend/web/monitoring/frame.hpp"
#include "backend/web/router.hpp"
#include "backend/web/view.hpp"
#include "common/jst.hpp"

namespace v2x::web {
namespace {

constexpr const char* kCsv = "/ctrl/csv";
constexpr const char* kByteOrderMark = "\xEF\xBB\xBF";
constexpr const char* kHead =
    "年月日,時刻,発電電力量[kWh],消費電力量[kWh],売電電力量[kWh],買電電力量[kWh],EV充電電力量[kWh],"
    "EV放電電力量[kWh],EV蓄電残量(SOC)[%]\r\n";
constexpr const char* kNoData = "指定された月のデータはありません。";
constexpr const char* kNoMonth = "年月を正しく入力してください。";

std::string kilo(const std::optional<std::int64_t>& wh) {
  return wh ? fmt::format("{}.{:03}", *wh / 1000, *wh % 1000) : "";
}

std::string line_text(const service::CsvLine& line) {
  const service::HalfHour half_hour = line.half_hour.value_or(service::HalfHour{});
  const auto& wh = half_hour.energy_wh;
  const auto& soc = half_hour.soc_permille;
  return fmt::format("{},{},{},{},{},{},{},{}\r\n", format_jst(line.start, "%Y/%m/%d,%H:%M"), kilo(wh.pv),
                     kilo(wh.load), kilo(wh.sell), kilo(wh.buy), kilo(wh.charge), kilo(wh.discharge),
                     soc ? std::to_string((*soc + 5) / 10) : "");
}

Response csv_page(Exchange& exchange, Data data, const std::string& month, const char* error) {
  data.set("month", month);
  if (error != nullptr) data.set("errors", errors_view({{"month", error}}));
  if (error != nullptr) data.set("month_error", error);
  return exchange.page(data, error != nullptr ? 422 : 200);
}

Response show_csv(Exchange& exchange) {
  return with_gateway(exchange, [](Exchange& ex, const service::OwnedGateway& gateway, Data data) {
    const std::string asked = ex.query("month");
    const auto this_month = model::Period::of(model::Span::month, ex.now());
    if (asked.empty()) return csv_page(ex, std::move(data), this_month.date(), nullptr);
    const auto month = model::Period::parse(model::Span::month, asked);
    if (!month || month->date() != asked) return csv_page(ex, std::move(data), asked, kNoMonth);
    const auto lines = ex.app().history.csv(gateway.device.gateway_id, *month);
    if (lines.empty()) return csv_page(ex, std::move(data), asked, kNoData);
    std::string body = std::string(kByteOrderMark) + kHead;
    for (const auto& line : lines) body += line_text(line);
    return ex.file({"text/csv; charset=utf-8", std::move(body)},
                   fmt::format("v2x_{}_{}.csv", gateway.device.gateway_id, format_jst(month->start, "%Y%m")));
  });
}

}  // namespace

std::vector<Route> csv_routes() {
  return {{"GET", kCsv, "M12", Right::viewer, show_csv}};
}

}  // namespace v2x::web
