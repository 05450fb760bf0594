#include "harness/scenario/page_table.hpp"

#include <algorithm>

namespace v2x::scenario {
namespace {

// Ids and elements: service.md §1.4, §1.5, §3.1, §4.2.
const std::vector<PageLabel> kHeader{{"氏名", "#user-name"}, {"見出し", "//h1"}, {"お知らせ", "#notice"}};

std::vector<PageLabel> with_header(std::vector<PageLabel> labels) {
  labels.insert(labels.end(), kHeader.begin(), kHeader.end());
  return labels;
}

std::vector<PageName> make_pages() {
  return {
      {"campaign", "R01", "/reg/", false, with_header({}), {}},
      {"registration", "R02", "/reg/account/regist", false, with_header({}), {}},
      {"login", "R10", "/reg/login", false, with_header({}), {}},
      {"menu", "R20", "/reg/menu", false, with_header({}), {}},
      {"gateways",
       "R30",
       "/reg/gateway/list",
       false,
       with_header({{"ゲートウェイID", "//tr[@data-gw]//td[1]"}, {"件数", "#count"}}),
       {}},
      {"gateway detail", "R31", "/reg/gateway/detail", true, with_header({}), {}},
      {"link dealer", "R41", "/reg/dealer/link", true, with_header({}), {}},
      {"dealer login", "D10", "/entry/login", false, with_header({}), {}},
      {"dealer menu", "D20", "/entry/menu", false, with_header({}), {}},
      {"dealer gateways",
       "D21",
       "/entry/gateways",
       false,
       with_header({{"状態", "//tr[@data-gw='{gw}']//*[contains(concat(' ',@class,' '),' state ')]"}}),
       {}},
      {"dealer contacts", "D30", "/entry/contacts", false, with_header({}), {}},
      {"monitoring login", "M01", "/ctrl/login", false, with_header({}), {}},
      {"monitoring home",
       "M02",
       "/ctrl/home",
       true,
       with_header({{"時刻", "#now-time"},
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
                    {"最終受信", "#stale"}}),
       {{"本日の発電量", "pv_wh"},
        {"本日の消費量", "load_wh"},
        {"本日の売電量", "sell_wh"},
        {"本日の買電量", "buy_wh"}}},
  };
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

const std::vector<PageName>& pages() {
  static const std::vector<PageName> table = make_pages();
  return table;
}

const PageName* find_page(const std::string& name) {
  const auto found =
      std::find_if(pages().begin(), pages().end(), [&](const PageName& page) { return page.name == name; });
  return found == pages().end() ? nullptr : &*found;
}

std::vector<std::string> page_names() {
  std::vector<std::string> names;
  for (const PageName& page : pages()) names.push_back(page.name);
  return names;
}

}  // namespace v2x::scenario
