#include "backend/web/exchange.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "backend/service/secrets.hpp"
#include "backend/web/pages.hpp"

namespace v2x::web {
namespace {

constexpr const char* kNoticeCookie = "v2x_notice";
constexpr int kBusyRetryS = 5;  // SEC-01
constexpr std::string_view kLockedText =
    "入力の誤りが続いたため、一時的に受付を停止しています。15分ほど時間をおいてからもう一度お試しください。";  // SEC-08

struct NoticeText {
  std::string_view word;
  std::string_view text;
};

const std::map<Notice, NoticeText> kNotices = {
    {Notice::draft_expired, {"draft_expired", "入力の有効時間が過ぎました。はじめからやり直してください。"}},
    {Notice::registered, {"registered", "アカウントの本登録が完了しました。"}},
    {Notice::gateway_changed, {"gateway_changed", "ゲートウェイ情報を変更しました。"}},
    {Notice::profile_changed, {"profile_changed", "登録情報を変更しました。"}},
    {Notice::mail_change_asked,
     {"mail_change_asked",
      "登録情報を変更しました。新しいメールアドレスに確認のメールを送信しました。メール本文中のURLから変更を完了してく"
      "ださい。"}},
    {Notice::mail_changed,
     {"mail_changed", "メールアドレスを変更しました。新しいメールアドレスでログインしてください。"}},
    {Notice::password_changed, {"password_changed", "パスワードを変更しました。"}},
    {Notice::password_reset, {"password_reset", "パスワードを変更しました。新しいパスワードでログインしてください。"}},
    {Notice::reset_asked, {"reset_asked", "ご入力のユーザIDが登録されている場合、メールを送信しました。"}},
    {Notice::id_mailed, {"id_mailed", "ご入力の内容が登録されている場合、メールを送信しました。"}},
    {Notice::notify_changed, {"notify_changed", "お知らせメールの設定を変更しました。"}},
    {Notice::account_closed, {"account_closed", "アカウントを削除しました。ご利用ありがとうございました。"}},
    {Notice::contact_added, {"contact_added", "保守担当者を登録しました。確認のメールを送信しました。"}},
    {Notice::contact_changed, {"contact_changed", "保守担当者の情報を変更しました。"}},
    {Notice::contact_removed, {"contact_removed", "保守担当者を削除しました。"}},
    {Notice::contact_asked, {"contact_asked", "確認のメールを再送しました。"}},
    {Notice::tariff_changed, {"tariff_changed", "料金単価を設定しました。"}},
    {Notice::settings_read, {"settings_read", "現在値を取得しました。"}},
    {Notice::ai_changed, {"ai_changed", "AI制御の設定を変更しました。"}},
};

const std::map<int, std::string_view> kErrorTexts = {
    {400, "送信された内容を読み取れませんでした。"},
    {401, "ログインが必要です。"},
    {403, "ページの有効期限が切れました。もう一度操作してください。"},
    {404, "ページが見つかりません。"},
    {405, "この操作は受け付けられません。"},
    {409, "ほかの操作によって状態が変わりました。はじめからやり直してください。"},
    {410, "このページは無効になりました。"},
    {413, "送信された内容が大きすぎます。"},
    {422, "入力内容に誤りがあります。"},
    {429, kLockedText},
    {500, "サービスに問題が発生しました。時間をおいてもう一度お試しください。"},
    {503, "ただいま混み合っています。時間をおいてもう一度お試しください。"},
};

std::string new_request_id() {
  static std::atomic<unsigned> count{0};
  return fmt::format("{:08}", ++count);
}

}  // namespace

Exchange::Exchange(App& app, const Request& request, const Site& site, std::string_view page_id)
    : app_(app), request_(request), site_(site), page_id_(page_id) {
  session_token_ = remembered(std::string(site.cookie));
  had_session_ = service::is_token(session_token_);
  if (!had_session_) session_token_ = service::new_token();
}

bool Exchange::is_https() const {
  return base_of(site_, app_.settings.bases).starts_with("https:");
}

std::string Exchange::cookie_name(std::string_view name) const {
  return (is_https() ? "__Host-" : "") + std::string(name);
}

void Exchange::set_cookie(const std::string& name, const std::string& value, std::string_view more) {
  headers_.emplace_back("Set-Cookie", fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax{}{}", cookie_name(name), value,
                                                  is_https() ? "; Secure" : "", more));
}

void Exchange::begin_session(const std::string& token) {
  session_token_ = token;
  began_session_ = true;
  set_cookie(std::string(site_.cookie), token, "");
}

void Exchange::end_session() {
  began_session_ = true;
  set_cookie(std::string(site_.cookie), "", "; Max-Age=0");
}

int Exchange::page_number() const {
  constexpr int kMostPages = 100'000;
  const std::string text = query("p");
  int number = 1;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool good = failure == std::errc() && end == text.data() + text.size();
  return good ? std::clamp(number, 1, kMostPages) : 1;
}

void Exchange::remember(const std::string& name, const std::string& value) {
  set_cookie(name, value, "");
}

std::string Exchange::remembered(const std::string& name) const {
  const auto found = request_.cookies.find(cookie_name(name));
  return found == request_.cookies.end() ? std::string() : found->second;
}

Data Exchange::layout(Data data) {
  const PageInfo& info = page_info(page_id_);
  const service::PublicBases& bases = app_.settings.bases;
  data.set("page", std::string(info.id));
  if (data.get("title") == nullptr) data.set("title", std::string(info.title));
  data.set("site_name", std::string(site_.name));
  data.set("site", service::to_string(site_.id));
  data.set("site_home", std::string(site_.prefix) + "/");
  data.set("csrf", service::csrf_of(session_token_));
  if (data.get("action") == nullptr) data.set("action", request_.target);
  if (logged_in()) {
    Data user;
    user.set("name", visitor_->person.full_name());
    user.set("logout", std::string(site_.prefix) + "/logout");
    user.set("manual", "/manual");
    if (site_.id == service::SiteId::ctrl) {
      const bool dealer = visitor_->kind == model::AccountKind::dealer;
      user.set("management", dealer ? bases.entry + "/entry/menu" : bases.multi + "/reg/menu");
    } else {
      user.set("monitoring", bases.ctrl + "/ctrl/home");
    }
    data.set("user", user);
  }
  if (const std::string word = remembered(kNoticeCookie); !word.empty()) {
    for (const auto& [notice, entry] : kNotices)
      if (entry.word == word) data.set("notice", std::string(entry.text));
    set_cookie(kNoticeCookie, "", "; Max-Age=0");
  }
  return data;
}

Response Exchange::page(Data data, int status) {
  // Only pages carry forms, so only they give a browser its session.
  if (!had_session_ && !began_session_) begin_session(session_token_);
  Response response;
  response.status = status;
  response.body = app_.templates.render(std::string(page_info(page_id_).template_name), layout(std::move(data)));
  return finish(std::move(response));
}

Response Exchange::to(const std::string& path, Notice notice) {
  if (const auto text = kNotices.find(notice); text != kNotices.end())
    set_cookie(kNoticeCookie, std::string(text->second.word), "");
  Response response;
  response.status = 303;
  response.headers.emplace_back("Location", path);
  return finish(std::move(response));
}

Response Exchange::error(int status) {
  page_id_ = "error";
  Data data;
  const auto text = kErrorTexts.find(status);
  data.set("sentence", std::string(text == kErrorTexts.end() ? kErrorTexts.at(500) : text->second));
  data.set("status", std::to_string(status));
  data.set("request_id", new_request_id());
  Response response = page(data, status);
  if (status == 503) response.headers.emplace_back("Retry-After", std::to_string(kBusyRetryS));
  return response;
}

Response Exchange::error(const Error& error) {
  if (error.code == "locked") return locked(app_.settings.lock_lasts);
  return this->error(error.code == "busy" ? 503 : 404);
}

Response Exchange::locked(Duration retry_after) {
  Response response = error(429);
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(retry_after);
  response.headers.emplace_back("Retry-After", std::to_string(seconds.count()));
  return response;
}

Response Exchange::json(const std::string& body, int status) {
  Response response;
  response.status = status;
  response.content_type = "application/json";
  response.body = body;
  return finish(std::move(response));
}

Response Exchange::file(StaticFile content, const std::string& name) {
  Response response;
  response.content_type = std::move(content.content_type);
  response.body = std::move(content.body);
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + "\"");
  return finish(std::move(response));
}

Response Exchange::finish(Response response) {
  for (auto& header : headers_) response.headers.push_back(std::move(header));
  headers_.clear();
  return response;
}

}  // namespace v2x::web
