// M06, M07: what went wrong, and which devices there are.
#include "backend/service/gateway_history.hpp"

#include <fmt/format.h>

#include "backend/web/monitoring/frame.hpp"
#include "backend/web/router.hpp"
#include "common/jst.hpp"

namespace v2x::web {
namespace {

using service::Notified;
using service::UnitState;

constexpr const char* kFaults = "/ctrl/faults";
constexpr const char* kDevice = "/ctrl/device";
constexpr const char* kTimeFormat = "%Y/%m/%d %H:%M";

std::string time_text(const std::optional<Time>& time, const char* absent) {
  return time ? format_jst(*time, kTimeFormat) : absent;
}

struct Words {
  const char* word;
  const char* text;
};

Words words_of(Notified notified) {
  switch (notified) {
    case Notified::sent:
      return {"sent", "送信済"};
    case Notified::held:
      return {"held", "保留"};
    case Notified::nobody:
      return {"nobody", "対象なし"};
    case Notified::failed:
      return {"failed", "失敗"};
  }
  return {"", ""};
}

Words words_of(UnitState state) {
  switch (state) {
    case UnitState::unknown:
      return {"unknown", "-"};
    case UnitState::normal:
      return {"normal", "正常"};
    case UnitState::notice:
      return {"throttled", "注意"};
    case UnitState::fault:
      return {"fault", "異常"};
  }
  return {"", ""};
}

std::string unit_text(const service::FaultLine& line) {
  if (line.episode.unit_no == 0) return "ゲートウェイ";
  return fmt::format("ユニット{} {}", line.episode.unit_no, line.unit_model);
}

Data fault_row(const service::FaultLine& line) {
  const bool open = line.episode.state == service::EpisodeState::open;
  const auto mails = words_of(line.notified);
  Data row;
  row.set("alarm", std::to_string(line.episode.id));
  row.set("raised", format_jst(line.episode.raised_at, kTimeFormat));
  row.set("cleared", time_text(line.episode.cleared_at, "-"));
  row.set("target", unit_text(line));
  row.set("code", line.episode.code);
  row.set("fault_title", line.title);
  row.set("detail", line.episode.detail);
  row.set("state", open ? "発生中" : "復旧済");
  row.set("state_word", open ? "fault" : "normal");
  row.set("mails", mails.text);
  row.set("mails_word", mails.word);
  if (line.episode.flaps > 0) row.set("flaps", fmt::format("再発{}回", line.episode.flaps));
  return row;
}

Response show_faults(Exchange& exchange) {
  return with_gateway(exchange, [](Exchange& ex, const service::OwnedGateway& gateway, Data data) {
    const int page = ex.page_number();
    const auto faults = ex.app().history.faults(gateway.device.gateway_id, page);
    DataList rows;
    for (const auto& line : faults.lines) rows.push_back(fault_row(line));
    data.set("rows", Data(rows));
    const auto link = [&](int number) { return fmt::format("{}&p={}", of_gateway(kFaults, gateway), number); };
    if (page > 1) data.set("previous", link(page - 1));
    if (faults.more) data.set("following", link(page + 1));
    return ex.page(data);
  });
}

Data unit_row(const service::UnitLine& line) {
  const auto state = words_of(line.state);
  std::string text = state.text;
  for (const auto& fault : line.faults) text += " " + fault;
  Data row;
  row.set("unit_no", std::to_string(line.unit.unit_no));
  row.set("model", line.unit.model);
  row.set("serial", line.unit.serial);
  row.set("firmware", line.unit.firmware);
  row.set("state", text);
  row.set("state_word", state.word);
  return row;
}

Response show_device(Exchange& exchange) {
  return with_gateway(exchange, [](Exchange& ex, const service::OwnedGateway& gateway, Data data) {
    const auto sheet = ex.app().history.device(gateway.device.gateway_id);
    if (!sheet) return ex.error(404);
    const auto& device = sheet->device;
    data.set("model", device.report.model);
    data.set("serial", device.report.serial);
    data.set("firmware", device.report.firmware);
    data.set("first_contact", time_text(device.first_seen, "未接続"));
    data.set("last_contact", time_text(device.last_seen, "-"));
    data.set("clock_wrong", Data(ex.app().monitoring.now(device.gateway_id).clock_wrong));
    DataList rows;
    for (const auto& line : sheet->units) rows.push_back(unit_row(line));
    data.set("rows", Data(rows));
    return ex.page(data);
  });
}

}  // namespace

std::vector<Route> history_routes() {
  return {
      {"GET", kFaults, "M06", Right::viewer, show_faults},
      {"GET", kDevice, "M07", Right::viewer, show_device},
  };
}

}  // namespace v2x::web
