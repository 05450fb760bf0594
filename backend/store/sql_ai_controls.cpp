#include "backend/store/sql_ai_controls.hpp"

#include "backend/store/sql.hpp"

namespace v2x::store {

using service::AiControl;

namespace {

AiControl control_of(const soci::row& row) {
  AiControl control;
  control.ownership_id = row.get<long long>(0);
  control.choice = {row.get<std::string>(1), row.get<std::string>(2), row.get<int>(3) != 0, row.get<int>(4) != 0};
  control.next_forecast = row.get<std::optional<Time>>(5);
  control.next_check = row.get<std::optional<Time>>(6);
  control.decided = row.get<std::optional<Time>>(7);
  control.decision = service::night_decision(row.get<std::string>(8));
  control.ceiling_pct = row.get<int>(9);
  control.not_before = row.get<std::optional<Time>>(10);
  control.warned = row.get<std::optional<Time>>(11);
  control.earlier_mode = row.get<std::string>(12);
  control.by_hand = row.get<int>(13) != 0;
  return control;
}

}  // namespace

std::vector<AiControl> SqlAiControls::where(const std::string& condition, long long value) {
  const soci::rowset<soci::row> rows =
      (session_.prepare << "SELECT ownership_id, forecast_area, warning_area, night_charge, warning_charge, "
                           "next_forecast, next_check, decided, decision, ceiling_pct, not_before, warned, "
                           "earlier_mode, by_hand FROM ai_controls WHERE "
                        << condition << " ORDER BY ownership_id",
       soci::use(value, "value"));
  std::vector<AiControl> found;
  for (const auto& row : rows) found.push_back(control_of(row));
  return found;
}

std::optional<AiControl> SqlAiControls::find(std::int64_t ownership_id) {
  auto found = where("ownership_id = :value", ownership_id);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

void SqlAiControls::put(const AiControl& control) {
  remove(control.ownership_id);
  const auto key = static_cast<long long>(control.ownership_id);
  const int night = control.choice.night_charge ? 1 : 0, warning = control.choice.warning_charge ? 1 : 0;
  const int by_hand = control.by_hand ? 1 : 0;
  const std::string decision = to_string(control.decision);
  session_ << "INSERT INTO ai_controls (ownership_id, forecast_area, warning_area, night_charge, warning_charge, "
              "next_forecast, next_check, decided, decision, ceiling_pct, not_before, warned, earlier_mode, by_hand) "
              "VALUES (:ownership, :forecast, :warning, :night, :on_warning, :next_forecast, :next_check, :decided, "
              ":decision, :ceiling, :not_before, :warned, :earlier, :by_hand)",
      soci::use(key), soci::use(control.choice.forecast_area), soci::use(control.choice.warning_area), soci::use(night),
      soci::use(warning), soci::use(control.next_forecast), soci::use(control.next_check), soci::use(control.decided),
      soci::use(decision), soci::use(control.ceiling_pct), soci::use(control.not_before), soci::use(control.warned),
      soci::use(control.earlier_mode), soci::use(by_hand);
}

void SqlAiControls::remove(std::int64_t ownership_id) {
  const auto key = static_cast<long long>(ownership_id);
  session_ << "DELETE FROM ai_controls WHERE ownership_id = :ownership", soci::use(key);
}

std::optional<Time> SqlAiControls::next_due() {
  std::optional<Time> next;
  session_ << "SELECT min(due) FROM (SELECT min(next_forecast) AS due FROM ai_controls "
              "UNION ALL SELECT min(next_check) FROM ai_controls) AS checks",
      soci::into(next);
  return next;
}

std::vector<AiControl> SqlAiControls::due(Time now) {
  return where("next_forecast <= :value OR next_check <= :value", now.time_since_epoch().count());
}

}  // namespace v2x::store
