#include "harness/scenario/page_table.hpp"

#include <algorithm>
#include <initializer_list>

namespace v2x::scenario {
namespace {

using Labels = std::vector<PageLabel>;
using Words = std::vector<std::string>;

Words together(std::initializer_list<Words> groups) {
  Words all;
  for (const Words& group : groups) all.insert(all.end(), group.begin(), group.end());
  return all;
}

// REG-01 … REG-16: the groups of fields that forms are made of.
const Words kTelephone{"tel1", "tel2", "tel3"};
const Words kPerson = together({{"sei", "mei", "seiKana", "meiKana", "mail", "mailConfirm"},
                                {"zip1", "zip2", "pref", "city", "addr"},
                                kTelephone});
const Words kCompany{"corpName", "deptName"};
const Words kGateway{"gatewayId", "gatewayPassword"};
const Words kPlace{"siteName", "siteZip1", "siteZip2", "sitePref", "siteCity", "siteAddr"};
const Words kNewPassword{"password", "passwordConfirm"};
const Words kActivation = together({kNewPassword, kTelephone});
const Words kLogin{"loginid", "loginpassword"};
const Words kChangePassword = together({{"currentPassword"}, kNewPassword});
const Words kClose{"password", "agree"};
const Words kSearch{"q"};
// SET-10 … SET-19
const Words kDeviceSettings{
    "operatingMode",   "chargePowerW",        "dischargePowerW",     "agreementAmpere",           "socSafetyMode",
    "socEconomyMode",  "socChargeMode",       "chargeStartTimeH",    "chargeStartTimeM",          "chargeEndTimeH",
    "chargeEndTimeM",  "dischargeStartTimeH", "dischargeStartTimeM", "dischargeEndTimeH",         "dischargeEndTimeM",
    "dischargeDaySun", "dischargeDayMon",     "dischargeDayTue",     "dischargeDayWed",           "dischargeDayThu",
    "dischargeDayFri", "dischargeDaySat",     "onPowerOutageMode",   "onPowerOutageChargePowerW", "outageFloor"};

// What every page may have.
const Labels kHeader{{"氏名", "#user-name"}, {"見出し", "//h1"}, {"お知らせ", "#notice"}, {"エラー", "#errors"}};

/// A page that takes no gateway and has no labels of its own.
PageName page(std::string name, std::string id, std::string path, Words fields = {}) {
  return {std::move(name), std::move(id), std::move(path), false, kHeader, std::move(fields), {}};
}

/// A page that shows one gateway.
PageName gateway_page(std::string name, std::string id, std::string path, Words fields = {}) {
  PageName made = page(std::move(name), std::move(id), std::move(path), std::move(fields));
  made.of_gateway = true;
  return made;
}

PageName with(PageName page, Labels labels) {
  page.labels.insert(page.labels.begin(), labels.begin(), labels.end());
  return page;
}

std::vector<PageName> registration_pages() {
  return {page("campaign", "R01", "/reg/"),
          with(page("registration", "R02", "/reg/account/regist", together({kPerson, kCompany, kGateway, kPlace})),
               {{"姓の入力", "//input[@id='sei']/@value"},
                {"メールアドレスの入力", "//input[@id='mail']/@value"},
                {"設置先の入力", "//input[@id='siteName']/@value"}}),
          with(page("registration confirmation", "R03", "/reg/account/registConfirm"),
               {{"姓", "#val-sei"}, {"名", "#val-mei"}, {"ゲートウェイパスワード", "#val-gatewayPassword"}}),
          with(page("registration complete", "R04", "/reg/account/registComplete"), {{"有効期限", "#expires"}}),
          page("terms", "R05", "/reg/terms"),
          page("first password", "R06", "/reg/account/mainRegist/password", kActivation),
          page("dead link", "R07", "/reg/account/mainRegist"),
          page("resend", "R08", "/reg/account/resend", {"mail"}),
          page("sample", "R09", "/reg/sample"),
          page("login", "R10", "/reg/login", kLogin),
          page("forgotten", "R11", "/reg/forgot", together({{"loginid"}, kGateway, kTelephone})),
          page("new password", "R12", "/reg/account/passwordReset", kActivation)};
}

std::vector<PageName> management_pages() {
  const Labels links{{"販売店様名", "//tr[@data-dealer]//td[1]"},
                     {"保守を任せている販売店様", "//table[@id='dealers']/tbody"}};
  return {
      page("menu", "R20", "/reg/menu"),
      page("claim", "R21", "/reg/gateway/regist", kGateway),
      page("claim place", "R22", "/reg/gateway/registInfo", kPlace),
      page("claim confirmation", "R23", "/reg/gateway/registConfirm"),
      page("claim complete", "R24", "/reg/gateway/registComplete"),
      with(page("gateways", "R30", "/reg/gateway/list", kSearch),
           {{"ゲートウェイID", "//tr[@data-gw]//td[1]"}, {"件数", "#count"}}),
      with(gateway_page("gateway detail", "R31", "/reg/gateway/detail"), links),
      gateway_page("gateway edit", "R32", "/reg/gateway/edit", kPlace),
      gateway_page("gateway edit confirmation", "R33", "/reg/gateway/editConfirm"),
      gateway_page("release", "R34", "/reg/gateway/release", {"password"}),
      page("release complete", "R35", "/reg/gateway/releaseComplete"),
      page("link search", "R40", "/reg/dealer/search", kSearch),
      with(gateway_page("link dealer", "R41", "/reg/dealer/link",
                        {"dealerId", "dealerTel1", "dealerTel2", "dealerTel3"}),
           links),
      with(page("link confirmation", "R42", "/reg/dealer/linkConfirm"), {{"販売店様名", "#val-dealerName"}}),
      page("link complete", "R43", "/reg/dealer/linkComplete"),
      page("unlink search", "R50", "/reg/dealer/unlinkSearch", kSearch),
      gateway_page("unlink dealer", "R51", "/reg/dealer/unlink"),
      page("unlink confirmation", "R52", "/reg/dealer/unlinkConfirm"),
      page("unlink complete", "R53", "/reg/dealer/unlinkComplete"),
      page("profile", "R60", "/reg/profile", together({kPerson, kCompany, {"currentPassword"}})),
      page("profile confirmation", "R61", "/reg/profileConfirm"),
      page("mail change", "R62", "/reg/account/mailChange"),
      page("password", "R63", "/reg/password", kChangePassword),
      with(page("history", "R64", "/reg/history"), {{"結果", "//table//tr[td][1]/td[4]"}}),
      page("notify", "R65", "/reg/notify", {"notifyFault", "notifyOffline"}),
      page("close account", "R66", "/reg/account/close", kClose),
      page("manual", "manual", "/manual"),
  };
}

std::vector<PageName> dealer_pages() {
  return {
      page("entry", "D01", "/entry/"),
      page("dealer registration", "D02", "/entry/account/regist", together({{"dealerName"}, kPerson})),
      page("dealer registration confirmation", "D03", "/entry/account/registConfirm"),
      with(page("dealer registration complete", "D04", "/entry/account/registComplete"), {{"有効期限", "#expires"}}),
      page("dealer terms", "D05", "/entry/terms"),
      page("dealer first password", "D06", "/entry/account/mainRegist/password", kActivation),
      with(page("dealer number", "D07", "/entry/account/mainRegistComplete"), {{"販売店ID", "#dealer-id"}}),
      page("dealer login", "D10", "/entry/login", kLogin),
      page("dealer forgotten", "D11", "/entry/forgot", together({{"loginid", "mail"}, kTelephone})),
      page("dealer new password", "D12", "/entry/account/passwordReset", kActivation),
      page("dealer menu", "D20", "/entry/menu"),
      with(page("dealer gateways", "D21", "/entry/gateways", {"q", "state"}),
           {{"状態", "//tr[@data-gw='{gw}']//*[contains(concat(' ',@class,' '),' state ')]"}}),
      gateway_page("dealer gateway detail", "D22", "/entry/gateways/detail"),
      gateway_page("dealer end", "D23", "/entry/gateways/end"),
      page("dealer end complete", "D24", "/entry/gateways/endComplete"),
      page("dealer contacts", "D30", "/entry/contacts"),
      page("dealer contact", "D31", "/entry/contactRegist",
           {"contactName", "contactMail", "notifyFault", "notifyOffline"}),
      page("dealer contact confirmation", "D32", "/entry/contact/verify"),
      page("dealer profile", "D40", "/entry/profile", together({{"dealerName"}, kPerson, {"currentPassword"}})),
      page("dealer profile confirmation", "D40-confirm", "/entry/profileConfirm"),
      page("dealer password", "D41", "/entry/password", kChangePassword),
      page("dealer history", "D42", "/entry/history"),
      page("dealer close account", "D43", "/entry/account/close", kClose)};
}

std::vector<PageName> monitoring_pages() {
  PageName home = with(gateway_page("monitoring home", "M02", "/ctrl/home"), {{"時刻", "#now-time"},
                                                                              {"状態", "#status"},
                                                                              {"異常", "#fault"},
                                                                              {"発電", "#pv-now"},
                                                                              {"本日の発電量", "#pv-today"},
                                                                              {"消費", "#load-now"},
                                                                              {"本日の消費量", "#load-today"},
                                                                              {"EVの動作状態", "#ev-state"},
                                                                              {"蓄電残量", "#ev-soc"},
                                                                              {"売電", "#sell-now"},
                                                                              {"本日の売電量", "#sell-today"},
                                                                              {"買電", "#buy-now"},
                                                                              {"本日の買電量", "#buy-today"},
                                                                              {"最終受信", "#stale"}});
  home.totals = {
      {"本日の発電量", "pv_wh"}, {"本日の消費量", "load_wh"}, {"本日の売電量", "sell_wh"}, {"本日の買電量", "buy_wh"}};
  PageName graph = with(gateway_page("monitoring graph", "M04", "/ctrl/graph"), {{"期間", "#period"}});
  int column = 0;
  for (const auto& [label, truth] : {std::pair{"発電量", "pv_wh"},
                                     {"消費量", "load_wh"},
                                     {"売電量", "sell_wh"},
                                     {"買電量", "buy_wh"},
                                     {"EV充電量", "charge_wh"},
                                     {"EV放電量", "discharge_wh"}}) {
    graph.labels.push_back({label, "//table[@id='graph-data']/tfoot//td[" + std::to_string(++column) + "]"});
    graph.totals.push_back({label, truth});
  }
  graph.of_day = "&span=day&date={date}";
  return {page("monitoring login", "M01", "/ctrl/login", kLogin), std::move(home),
          with(gateway_page("monitoring flow", "M03", "/ctrl/flow"), {{"状態", "#status"}, {"電力", "#flow-data"}}),
          std::move(graph),
          with(gateway_page("monitoring economy", "M05", "/ctrl/economy", {"band1Price", "sellPrice", "validFrom"}),
               {{"買電料金", "#buy-cost"}, {"売電収入", "#sell-income"}, {"収支", "#balance"}, {"案内", "#no-tariff"}}),
          with(gateway_page("monitoring faults", "M06", "/ctrl/faults"), {{"コード", "//tr[@data-alarm][1]/td[4]"},
                                                                          {"状態", "//tr[@data-alarm][1]/td[6]"},
                                                                          {"通知", "//tr[@data-alarm][1]/td[7]"},
                                                                          {"件数", "//table[@id='faults']/tbody"}}),
          with(gateway_page("monitoring device", "M07", "/ctrl/device"), {{"形式", "#val-model"},
                                                                          {"最終通信日時", "#val-lastContact"},
                                                                          {"時計", "#clock-wrong"},
                                                                          {"ユニット", "//table[@id='units']/tbody"}}),
          with(gateway_page("monitoring csv", "M12", "/ctrl/csv", {"month"}), {{"年月のエラー", "#err-month"}}),
          page("monitoring timeout", "M13", "/ctrl/timeout"),
          // Not a page of the service: what a person sees who opens the file.
          with(page("downloaded file", "file", ""), {{"ファイル名", "//h1"},
                                                     {"種類", "#type"},
                                                     {"BOM", "#byte-order-mark"},
                                                     {"改行", "#line-ends"},
                                                     {"行数", "#lines"},
                                                     {"1行目", "//div[@id='content']/p[1]"},
                                                     {"2行目", "//div[@id='content']/p[2]"},
                                                     {"最終行", "//div[@id='content']/p[last()]"}})};
}

std::vector<PageName> setting_pages() {
  // DEAL-18, SET-07: the newest line of the 設定変更履歴 and what stands in it.
  const auto newest = [](int column) {
    return "//table[@id='history']/tbody/tr[1]/td[" + std::to_string(column) + "]";
  };
  PageName settings = with(gateway_page("device settings", "M08", "/ctrl/settings", kDeviceSettings),
                           {{"取得日時", "#read-at"},
                            {"運転モード", "//select[@id='operatingMode']/option[@selected]"},
                            {"経済・グリーンモードの放電下限", "//select[@id='socEconomyMode']/option[@selected]"},
                            {"経済・グリーンモードの放電下限の選択肢", "//select[@id='socEconomyMode']"},
                            {"充電上限の選択肢", "//select[@id='socChargeMode']"},
                            {"変更者", newest(2)},
                            {"項目", newest(3)},
                            {"変更内容", newest(4)},
                            {"結果", newest(5)}});
  return {std::move(settings), gateway_page("device settings confirmation", "M09", "/ctrl/settingsConfirm"),
          with(page("device settings result", "M10", "/ctrl/settingsResult"), {{"結果", "#result"}}),
          gateway_page("ai control", "M11", "/ctrl/ai",
                       {"forecastArea", "warningArea", "aiNightCharge", "aiWarningCharge"}),
          gateway_page("ai control confirmation", "M11-confirm", "/ctrl/aiConfirm")};
}

std::vector<PageName> make_pages() {
  std::vector<PageName> all;
  for (const auto& site :
       {registration_pages(), management_pages(), dealer_pages(), monitoring_pages(), setting_pages()})
    all.insert(all.end(), site.begin(), site.end());
  return all;
}

const PageName* find(const std::string PageName::*key, const std::string& wanted) {
  const auto found =
      std::find_if(pages().begin(), pages().end(), [&](const PageName& page) { return page.*key == wanted; });
  return found == pages().end() ? nullptr : &*found;
}

}  // namespace

const std::string* PageName::element(const std::string& label) const {
  for (const PageLabel& entry : labels)
    if (entry.label == label) return &entry.element;
  return nullptr;
}

std::vector<std::string> PageName::label_names() const {
  std::vector<std::string> names;
  for (const PageLabel& entry : labels) names.push_back(entry.label);
  return names;
}

bool PageName::has_field(const std::string& field) const {
  return std::find(fields.begin(), fields.end(), field) != fields.end();
}

const std::vector<PageName>& pages() {
  static const std::vector<PageName> table = make_pages();
  return table;
}

const PageName* find_page(const std::string& name) {
  return find(&PageName::name, name);
}

const PageName* find_page_by_id(const std::string& id) {
  return find(&PageName::id, id);
}

std::vector<std::string> page_names() {
  std::vector<std::string> names;
  for (const PageName& page : pages()) names.push_back(page.name);
  return names;
}

}  // namespace v2x::scenario
