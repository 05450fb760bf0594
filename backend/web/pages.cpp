#include "backend/web/pages.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "common/log.hpp"

namespace v2x::web {
namespace {

constexpr std::array kPages = {
    PageInfo{"R01", "キャンペーンのご案内", "campaign"},
    PageInfo{"R02", "ユーザ様 アカウント登録", "form"},
    PageInfo{"R03", "ユーザ様 アカウント登録確認", "confirm"},
    PageInfo{"R04", "ユーザ様 アカウント登録完了", "provisional"},
    PageInfo{"R05", "利用規約", "terms"},
    PageInfo{"R06", "ユーザ様 アカウント本登録", "form"},
    PageInfo{"R07", "ユーザ様 アカウント本登録", "dead_url"},
    PageInfo{"R08", "仮登録メールの再送", "resend"},
    PageInfo{"R09", "遠隔モニタリングサービス ご登録にあたって", "sample"},
    PageInfo{"R10", "ログイン", "login"},
    PageInfo{"R11", "ユーザID・パスワードを忘れた場合", "forgot"},
    PageInfo{"R12", "パスワードの再設定", "mail_link"},
    PageInfo{"R20", "メインメニュー", "menu"},
    PageInfo{"R21", "ゲートウェイの登録", "form"},
    PageInfo{"R22", "ゲートウェイ情報の登録", "form"},
    PageInfo{"R23", "ゲートウェイ情報の登録確認", "confirm"},
    PageInfo{"R24", "ゲートウェイ情報の登録完了", "complete"},
    PageInfo{"R30", "ゲートウェイの管理", "gateway_list"},
    PageInfo{"R31", "ゲートウェイ情報の照会・編集", "gateway_detail"},
    PageInfo{"R32", "ゲートウェイ情報の編集", "form"},
    PageInfo{"R33", "ゲートウェイ情報の編集確認", "confirm"},
    PageInfo{"R34", "ゲートウェイの登録解除", "form"},
    PageInfo{"R35", "ゲートウェイの登録解除完了", "complete"},
    PageInfo{"R40", "販売店様に保守を任せるゲートウェイの検索", "gateway_list"},
    PageInfo{"R41", "保守を任せる販売店様の登録", "form"},
    PageInfo{"R42", "保守を任せる販売店様の登録確認", "confirm"},
    PageInfo{"R43", "保守を任せる販売店様の登録完了", "complete"},
    PageInfo{"R50", "販売店様の保守を解除するゲートウェイの検索", "gateway_list"},
    PageInfo{"R51", "保守を任せている販売店様の解除", "unlink"},
    PageInfo{"R52", "保守を任せている販売店様の解除確認", "confirm"},
    PageInfo{"R53", "保守を任せている販売店様の解除完了", "complete"},
    PageInfo{"R60", "ユーザ様情報の編集", "form"},
    PageInfo{"R61", "ユーザ様情報の編集確認", "confirm"},
    PageInfo{"R62", "メールアドレスの変更", "mail_link"},
    PageInfo{"R63", "パスワードの変更", "form"},
    PageInfo{"R64", "ログイン履歴", "history"},
    PageInfo{"R65", "お知らせメールの設定", "form"},
    PageInfo{"R66", "アカウントの削除", "form"},
    PageInfo{"D01", "販売店様 登録サイト", "entry"},
    PageInfo{"D02", "販売店様 アカウント登録", "form"},
    PageInfo{"D03", "販売店様 アカウント登録確認", "confirm"},
    PageInfo{"D04", "販売店様 アカウント登録完了", "provisional"},
    PageInfo{"D05", "利用規約", "terms"},
    PageInfo{"D06", "販売店様 アカウント本登録", "form"},
    PageInfo{"D07", "販売店様 アカウント本登録完了", "dealer_id"},
    PageInfo{"D10", "ログイン", "login"},
    PageInfo{"D11", "ユーザID・パスワードを忘れた場合", "forgot"},
    PageInfo{"D12", "パスワードの再設定", "mail_link"},
    PageInfo{"D20", "メインメニュー", "menu"},
    PageInfo{"D21", "保守ゲートウェイ一覧", "dealer_gateways"},
    PageInfo{"D22", "ゲートウェイ情報の照会", "dealer_gateway"},
    PageInfo{"D23", "保守の終了確認", "confirm"},
    PageInfo{"D24", "保守の終了完了", "complete"},
    PageInfo{"D30", "保守担当者の管理", "contacts"},
    PageInfo{"D31", "保守担当者の登録", "form"},
    PageInfo{"D32", "保守担当者メールアドレスの確認", "verify_contact"},
    PageInfo{"D40", "販売店様情報の編集", "form"},
    PageInfo{"D40-confirm", "販売店様情報の編集確認", "confirm"},
    PageInfo{"D41", "パスワードの変更", "form"},
    PageInfo{"D42", "ログイン履歴", "history"},
    PageInfo{"D43", "アカウントの削除", "form"},
    PageInfo{"M01", "ログイン", "login"},
    PageInfo{"M02", "ホーム", "home"},
    PageInfo{"M03", "エネルギーの流れ", "flow"},
    PageInfo{"M04", "グラフ", "graph"},
    PageInfo{"M05", "経済効果", "economy"},
    PageInfo{"M06", "異常履歴", "faults"},
    PageInfo{"M07", "機器情報", "device"},
    PageInfo{"M08", "機器の設定", "settings"},
    PageInfo{"M09", "機器の設定確認", "confirm"},
    PageInfo{"M10", "機器の設定結果", "settings_result"},
    PageInfo{"M11", "AI制御", "ai"},
    PageInfo{"M11-confirm", "AI制御確認", "confirm"},
    PageInfo{"M12", "データ出力", "csv"},
    PageInfo{"M13", "セッションタイムアウト", "timeout"},
    PageInfo{"manual", "商品マニュアル", "manual"},
    PageInfo{"error", "エラー", "error"},
};

}  // namespace

const PageInfo& page_info(std::string_view id) {
  const auto found = std::find_if(kPages.begin(), kPages.end(), [&](const PageInfo& page) { return page.id == id; });
  if (found == kPages.end()) {
    log::error("there is no page '{}'", id);
    std::abort();
  }
  return *found;
}

}  // namespace v2x::web
