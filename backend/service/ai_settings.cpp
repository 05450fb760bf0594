#include "backend/service/ai_settings.hpp"

#include <fmt/format.h>

#include "backend/service/ports/audit.hpp"
#include "backend/service/ports/setting_requests.hpp"
#include "backend/service/rights.hpp"
#include "backend/service/secrets.hpp"
#include "backend/service/setting_fields.hpp"
#include "common/jst.hpp"

namespace v2x::service {
namespace {

constexpr const char* kGatewayId = "gatewayId";
constexpr std::string_view kNoForecast = "予報を取得できなかったため、本日のAI制御は行いません。";  // SET-21

DraftKey key(const std::string& session_token) {
  return {hash_of(session_token), "ai"};
}

std::string flag(bool on) {
  return on ? "1" : "0";
}

Form form_of(const AiChoice& choice) {
  return {{"forecastArea", choice.forecast_area},
          {"warningArea", choice.warning_area},
          {"aiNightCharge", flag(choice.night_charge)},
          {"aiWarningCharge", flag(choice.warning_charge)}};
}

AiChoice choice_in(const Form& form) {
  return {entered(form, "forecastArea"), entered(form, "warningArea"), entered(form, "aiNightCharge") == "1",
          entered(form, "aiWarningCharge") == "1"};
}

/// What there is to say about a control today.
std::vector<std::string> standing_of(Transaction& tx, const AiControl& control) {
  std::vector<std::string> sentences;
  if (control.warned)
    sentences.emplace_back(control.by_hand ? "警報が発令されていますが、選択された運転モードを優先しています。"
                                           : "警報が発令されているため、充電上限まで充電します。");
  const bool today = control.decided && jst_midnight(*control.decided) == jst_midnight(tx.now());
  if (!today || !control.choice.night_charge) return sentences;
  if (control.decision == NightDecision::no_forecast) {
    sentences.emplace_back(kNoForecast);
  } else if (control.decision == NightDecision::planned) {
    const auto known = tx.setting_requests().known(control.ownership_id);
    const bool written =
        entered(known ? known->values : Form{}, "night_ceiling") == std::to_string(control.ceiling_pct);
    sentences.push_back(fmt::format("本日の夜間充電の上限は {} % です。{}", control.ceiling_pct,
                                    written || control.ceiling_pct == 0 ? "" : "(送信待ち)"));
  }
  return sentences;
}

}  // namespace

std::optional<AiShown> AiSettings::show(const model::Account& account, const std::string& gateway_id) {
  return registry_.read([&](Transaction& tx) -> std::optional<AiShown> {
    auto gateway = as_viewer(tx, account, gateway_id);
    if (!gateway) return std::nullopt;
    const std::string& pref = gateway->site.address.pref;
    AiShown shown{*gateway, form_of(AiChoice{pref, pref, false, false}), {}};
    if (const auto control = tx.ai_controls().find(gateway->ownership_id)) {
      shown.form = form_of(control->choice);
      shown.standing = standing_of(tx, *control);
    }
    return shown;
  });
}

Result<FieldErrors> AiSettings::enter(const model::Account& account, const std::string& session_token,
                                      const std::string& gateway_id, const Form& posted) {
  Form form = taken(ai_fields(), posted);
  FieldErrors errors = errors_in(ai_fields(), form);
  return registry_.transact([&](Transaction& tx) -> Result<FieldErrors> {
    if (!as_viewer(tx, account, gateway_id)) return fail("not_found", "not this account's gateway");
    if (!errors.empty()) return errors;
    form[kGatewayId] = gateway_id;
    tx.drafts().put(key(session_token), {form, false}, tx.now() + settings_.draft_lives);
    return FieldErrors{};
  });
}

std::optional<Draft> AiSettings::draft(const std::string& session_token) {
  return registry_.read([&](Transaction& tx) { return tx.drafts().find(key(session_token)); });
}

Status AiSettings::submit(const model::Account& account, const std::string& session_token, const Caller& caller) {
  return registry_.transact([&](Transaction& tx) -> Status {
    auto draft = tx.drafts().find(key(session_token));
    if (!draft) return fail("no_draft", "the draft's time has passed");
    const std::string gateway_id = entered(draft->form, kGatewayId);
    if (draft->done) return done();
    const auto gateway = as_viewer(tx, account, gateway_id);
    if (!gateway) return fail("not_found", "not this account's gateway");
    AiControl control = tx.ai_controls().find(gateway->ownership_id).value_or(AiControl{});
    control.ownership_id = gateway->ownership_id;
    control.choice = choice_in(draft->form);
    control.next_forecast.reset();
    if (control.choice.night_charge)
      control.next_forecast = next_forecast_after(tx.now(), times_);
    else
      control.ceiling_pct = 0;
    control.not_before.reset();
    control.next_check = tx.now();  // a warning may stand; what was switched off is put back
    tx.ai_controls().put(control);
    const bool dealer = account.kind == model::AccountKind::dealer;
    tx.audit().write({dealer ? "dealer " + account.login_id : "account " + std::to_string(account.id), caller.address,
                      "AI", gateway_id, "ok"});
    draft->done = true;
    tx.drafts().put(key(session_token), *draft, tx.now() + settings_.draft_lives);
    return done();
  });
}

}  // namespace v2x::service
