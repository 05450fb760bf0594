// M04: energy by day, month and year, as a table from which the script draws its graph.
#include "backend/model/figures.hpp"
#include "backend/service/gateway_history.hpp"
#include "backend/web/monitoring/frame.hpp"
#include "backend/web/monitoring/period_view.hpp"
#include "backend/web/router.hpp"

namespace v2x::web {
namespace {

using Quality = service::EnergySlot::Quality;
using Wh = std::optional<std::int64_t>;

constexpr const char* kGraph = "/ctrl/graph";
constexpr int kRenewS = 60;    // of a day that is not over, in place
constexpr int kReloadS = 300;  // and without script, where the reader loses the place

DataList cells_of(const service::Flows<std::int64_t>& wh) {
  DataList cells;
  for (const auto& [label, value] : {std::pair<const char*, Wh>{"発電", wh.pv},
                                     {"消費", wh.load},
                                     {"売電", wh.sell},
                                     {"買電", wh.buy},
                                     {"EV充電", wh.charge},
                                     {"EV放電", wh.discharge}}) {
    Data cell;
    cell.set("label", label);
    if (value) cell.set("figure", model::in_kilo_hundredths(*value));
    cell.set("wh", value ? std::to_string(*value) : "");
    cells.push_back(cell);
  }
  return cells;
}

const char* word_of(const service::EnergySlot& slot, Time now) {
  switch (slot.quality) {
    case Quality::measured:
      return "measured";
    case Quality::estimated:
      return "estimated";
    case Quality::missing:
      return slot.start > now ? "future" : "missing";
  }
  return "";
}

Data row_of(model::Span span, const service::EnergySlot& slot, Time now) {
  Data row;
  row.set("slot", slot_text(span, slot.start));
  row.set("cells", Data(cells_of(slot.energy_wh)));
  row.set("quality", word_of(slot, now));
  row.set("estimated", Data(slot.quality == Quality::estimated));
  row.set("current", Data(slot.start <= now && now < slot.end));
  const auto& soc = slot.soc_permille;
  row.set("soc", span == model::Span::day && soc ? std::to_string((*soc + 5) / 10) : "");
  return row;
}

/// The day is followed while it lasts; where no date was asked for, today's, over midnight too.
void follow_day(Data& data, const Exchange& exchange, const service::OwnedGateway& gateway,
                const model::Period& period) {
  if (period.span != model::Span::day || !period.contains(exchange.now())) return;
  std::string address = of_gateway(kGraph, gateway);
  if (!exchange.query("date").empty()) address += "&span=day&date=" + period.date();
  set_renewal(data, address, {.reload_s = kReloadS, .in_place_s = kRenewS});
}

Response show_graph(Exchange& exchange) {
  return with_gateway(exchange, [](Exchange& ex, const service::OwnedGateway& gateway, Data data) {
    const auto period = asked_period(ex);
    if (!period) return ex.error(400);
    const auto slots = ex.app().history.energy(gateway.device.gateway_id, *period);
    DataList rows;
    service::EnergySlot total;
    bool any = false, estimated = false;
    for (const auto& slot : slots) {
      rows.push_back(row_of(period->span, slot, ex.now()));
      service::add(total.energy_wh, slot.energy_wh);
      any = any || slot.quality != Quality::missing;
      estimated = estimated || slot.quality == Quality::estimated;
    }
    set_period(data, ex, kGraph, gateway, *period);
    follow_day(data, ex, gateway, *period);
    data.set("rows", Data(rows));
    data.set("total", Data(cells_of(total.energy_wh)));
    data.set("by_day", Data(period->span == model::Span::day));
    data.set("span", to_string(period->span));
    data.set("chart", Data(true));
    data.set("empty", Data(!any));
    data.set("any_estimated", Data(estimated));
    return ex.page(data);
  });
}

}  // namespace

std::vector<Route> graph_routes() {
  return {{"GET", kGraph, "M04", Right::viewer, show_graph}};
}

}  // namespace v2x::web
