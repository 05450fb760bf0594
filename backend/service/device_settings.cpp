#include "backend/service/device_settings.hpp"

#include <algorithm>
#include <charconv>

#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/audit.hpp"
#include "backend/service/refusals.hpp"
#include "backend/service/rights.hpp"
#include "backend/service/secrets.hpp"
#include "backend/service/setting_fields.hpp"

namespace v2x::service {
namespace {

constexpr const char* kGatewayId = "gatewayId";  // in the draft
constexpr const char* kRevision = "revision";
constexpr const char* kRequest = "request";

DraftKey key(const std::string& session_token) {
  return {hash_of(session_token), "settings"};
}

std::int64_t number_in(const Form& form, const char* name) {
  const std::string text = entered(form, name);
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

SettingAuthor author_of(const model::Account& account) {
  return account.kind == model::AccountKind::dealer ? SettingAuthor::dealer : SettingAuthor::owner;
}

std::string actor(const model::Account& account) {
  return account.kind == model::AccountKind::dealer ? "dealer " + account.login_id
                                                    : "account " + std::to_string(account.id);
}

/// DEAL-18.
std::string author_text(Transaction& tx, const model::Account& viewer, const SettingRequest& request) {
  switch (request.author) {
    case SettingAuthor::owner:
      return "お客様";
    case SettingAuthor::ai:
      return "AI制御";
    case SettingAuthor::device:
      return "本体操作";
    case SettingAuthor::dealer:
      break;
  }
  const bool others = viewer.kind == model::AccountKind::dealer && viewer.id != request.account_id;
  if (others) return "他の販売店様";
  const auto dealer = tx.accounts().find(*request.account_id);
  return dealer ? dealer->dealer_name + "(" + dealer->login_id + ")" : "販売店様";
}

std::string state_text(const SettingRequest& request) {
  switch (request.state) {
    case RequestState::queued:
    case RequestState::sent:
      return "処理中";
    case RequestState::done:
      return "完了";
    case RequestState::refused:
      return "受付不可";
    case RequestState::cancelled:
      return "取消";
    case RequestState::timeout:
      break;
  }
  if (request.late.empty()) return "応答なし";
  return request.late == "done" ? "応答なし(後から完了)" : "応答なし(後から受付不可)";
}

SettingHistoryLine line_of(Transaction& tx, const model::Account& viewer, const SettingChange& change) {
  SettingHistoryLine line{.time = change.time,
                          .author = "本体操作",
                          .item = item_label(change.item),
                          .old_value = item_text(change.item, change.old_value),
                          .new_value = item_text(change.item, change.new_value),
                          .result = "完了"};
  const auto request = change.request_id ? tx.setting_requests().find(*change.request_id) : std::nullopt;
  if (!request) return line;
  line.author = author_text(tx, viewer, *request);
  line.state = request->state;
  line.result = state_text(*request);
  return line;
}

/// Only what would change; all of it when nothing would, so that the gateway confirms what people see.
Form differing(const Form& known, const Form& wanted) {
  Form values;
  for (const auto& [name, value] : wanted)
    if (entered(known, name) != value) values[name] = value;
  return values.empty() ? wanted : values;
}

FieldErrors errors_of(const Form& known, const Form& wanted) {
  Form all = known;
  FieldErrors errors;
  const Form names = settings_in({});
  for (const auto& [name, value] : wanted) {
    if (!names.contains(name)) errors.push_back({name, name + "の値が正しくありません。"});
    const bool day = name.starts_with("dischargeDay");
    if (day && value != "0" && value != "1") errors.push_back({name, item_label(name) + "の値が正しくありません。"});
    all[name] = value;
  }
  for (FieldError& error : setting_errors(known, form_of_settings(all))) errors.push_back(std::move(error));
  return errors;
}

}  // namespace

std::optional<SettingsShown> DeviceSettings::show(const model::Account& account, const std::string& gateway_id) {
  return registry_.read([&](Transaction& tx) -> std::optional<SettingsShown> {
    auto gateway = as_viewer(tx, account, gateway_id);
    if (!gateway) return std::nullopt;
    auto known = tx.setting_requests().known(gateway->ownership_id);
    const bool reachable = is_reachable(tx, gateway_id, gateway->ownership_id);
    return SettingsShown{std::move(*gateway), std::move(known), reachable};
  });
}

std::vector<SettingHistoryLine> DeviceSettings::history(const model::Account& account, const std::string& gateway_id,
                                                        int most, int skip) {
  return registry_.read([&](Transaction& tx) {
    std::vector<SettingHistoryLine> lines;
    const auto gateway = as_viewer(tx, account, gateway_id);
    if (!gateway) return lines;
    for (const SettingChange& change : tx.setting_requests().changes(gateway->ownership_id, most, skip))
      lines.push_back(line_of(tx, account, change));
    return lines;
  });
}

Result<std::int64_t> DeviceSettings::read(const model::Account& account, const std::string& gateway_id) {
  return registry_.transact([&](Transaction& tx) -> Result<std::int64_t> {
    const auto gateway = as_viewer(tx, account, gateway_id);
    if (!gateway) return fail("not_found", "not this account's gateway");
    for (const SettingRequest& open : tx.setting_requests().open_of(gateway_id))
      if (open.act == SettingAct::read && open.account_id == account.id) return open.id;
    return exchange_.ask(tx, {.gateway_id = gateway_id,
                              .ownership_id = gateway->ownership_id,
                              .act = SettingAct::read,
                              .author = author_of(account),
                              .account_id = account.id});
  });
}

Result<Asked> DeviceSettings::ask_write(Transaction& tx, const model::Account& account, const std::string& gateway_id,
                                        const SettingsWish& wish, const Caller& caller) const {
  const auto gateway = as_viewer(tx, account, gateway_id);
  if (!gateway) return fail("not_found", "not this account's gateway");
  const auto known = tx.setting_requests().known(gateway->ownership_id);
  if (!known || known->revision != wish.revision) return fail("stale_revision", std::string(kStaleRevision));
  if (auto errors = errors_of(known->values, wish.values); !errors.empty()) return Asked{std::move(errors), 0};
  const auto asked = exchange_.ask(tx, {.gateway_id = gateway_id,
                                        .ownership_id = gateway->ownership_id,
                                        .act = SettingAct::write,
                                        .author = author_of(account),
                                        .account_id = account.id,
                                        .values = differing(known->values, wish.values)});
  if (!asked) return fail(asked.error());
  tx.audit().write({actor(account), caller.address, "setting", gateway_id, "asked"});
  return Asked{{}, *asked};
}

Result<Asked> DeviceSettings::write(const model::Account& account, const std::string& gateway_id,
                                    const SettingsWish& wish, const Caller& caller) {
  return registry_.transact(
      [&](Transaction& tx) -> Result<Asked> { return ask_write(tx, account, gateway_id, wish, caller); });
}

Result<SettingRequest> DeviceSettings::find(const model::Account& account, std::int64_t request_id) {
  return registry_.read([&](Transaction& tx) -> Result<SettingRequest> {
    auto request = tx.setting_requests().find(request_id);
    const auto gateway = request ? as_viewer(tx, account, request->gateway_id) : std::nullopt;
    if (!gateway || gateway->ownership_id != request->ownership_id)
      return fail("not_found", "not a request of this account's gateways");
    return std::move(*request);
  });
}

std::string DeviceSettings::author(const model::Account& viewer, const SettingRequest& request) {
  return registry_.read([&](Transaction& tx) { return author_text(tx, viewer, request); });
}

Result<FieldErrors> DeviceSettings::enter(const model::Account& account, const std::string& session_token,
                                          const std::string& gateway_id, const Form& posted) {
  Form form = taken(device_setting_fields(), posted);
  return registry_.transact([&](Transaction& tx) -> Result<FieldErrors> {
    const auto gateway = as_viewer(tx, account, gateway_id);
    if (!gateway) return fail("not_found", "not this account's gateway");
    const auto known = tx.setting_requests().known(gateway->ownership_id);
    if (!known || known->revision != number_in(posted, kRevision))
      return fail("stale_revision", std::string(kStaleRevision));
    if (auto errors = setting_errors(known->values, form); !errors.empty()) return errors;
    form[kGatewayId] = gateway_id;
    form[kRevision] = std::to_string(known->revision);
    tx.drafts().put(key(session_token), {form, false}, tx.now() + settings_.draft_lives);
    return FieldErrors{};
  });
}

std::optional<Draft> DeviceSettings::draft(const std::string& session_token) {
  return registry_.read([&](Transaction& tx) { return tx.drafts().find(key(session_token)); });
}

Result<std::int64_t> DeviceSettings::submit(const model::Account& account, const std::string& session_token,
                                            const Caller& caller) {
  return registry_.transact([&](Transaction& tx) -> Result<std::int64_t> {
    auto draft = tx.drafts().find(key(session_token));
    if (!draft) return fail("no_draft", "the draft's time has passed");
    if (draft->done) return number_in(draft->form, kRequest);
    const SettingsWish wish{number_in(draft->form, kRevision), settings_in(draft->form)};
    const auto asked = ask_write(tx, account, entered(draft->form, kGatewayId), wish, caller);
    if (!asked) return fail(asked.error());
    if (!asked->errors.empty()) return fail("stale_revision", std::string(kStaleRevision));
    draft->done = true;
    draft->form[kRequest] = std::to_string(asked->request_id);
    tx.drafts().put(key(session_token), *draft, tx.now() + settings_.draft_lives);
    return asked->request_id;
  });
}

std::string result_text(const SettingRequest& request) {
  switch (request.state) {
    case RequestState::queued:
    case RequestState::sent:
      return "処理中…";
    case RequestState::done:
      return request.act == SettingAct::write ? "設定が完了しました。" : "現在値を取得しました。";
    case RequestState::refused:
      if (request.reason == kStaleRevision) return std::string(kStaleRevision);
      return "機器が設定を受け付けませんでした。(" + refusal_text(request.reason) + ")";
    case RequestState::timeout:
      return "時間内に応答がありませんでした。現在値を取得して確認してください。";
    case RequestState::cancelled:
      return "設定は取り消されました。";
  }
  return {};
}

}  // namespace v2x::service
