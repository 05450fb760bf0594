#include "backend/web/api/problem.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace v2x::web {
namespace {

using enum ProblemType;

constexpr std::array<ProblemInfo, 14> kProblems = {{
    {bad_request, "bad_request", 400, "The request cannot be read", "送信された内容を読み取れませんでした。"},
    {unauthorized, "unauthorized", 401, "A valid token is needed", "ログインが必要です。"},
    {forbidden, "forbidden", 403, "Not allowed", "この操作は許可されていません。"},
    {terms_required, "terms_required", 403, "New terms of use wait for agreement",
     "利用規約が改定されました。管理・登録サイトにログインし、同意してください。"},
    {not_found, "not_found", 404, "There is no such thing", "見つかりません。"},
    {method_not_allowed, "method_not_allowed", 405, "Another method is needed", "この操作は受け付けられません。"},
    {conflict, "conflict", 409, "Something else happened before",
     "ほかの操作によって状態が変わりました。はじめからやり直してください。"},
    {stale_revision, "stale_revision", 409, "The settings have changed since they were read",
     "設定が変更されています。現在値を取得し直してください。"},
    {gateway_offline, "gateway_offline", 409, "The gateway is not connected",
     "ゲートウェイと通信できないため、設定できません。"},
    {too_large, "too_large", 413, "The request is too large", "送信された内容が大きすぎます。"},
    {invalid, "invalid", 422, "A value is not acceptable", "入力内容に誤りがあります。"},
    {locked, "locked", 429, "Too many requests",
     "入力の誤りが続いたため、一時的に受付を停止しています。15分ほど時間をおいてからもう一度お試しください。"},
    {internal, "internal", 500, "The service has a problem",
     "サービスに問題が発生しました。時間をおいてもう一度お試しください。"},
    {busy, "busy", 503, "The service is busy", "ただいま混み合っています。時間をおいてもう一度お試しください。"},
}};

}  // namespace

std::span<const ProblemInfo> all_problems() {
  return kProblems;
}

Response problem_response(const Problem& problem, const std::string& instance) {
  const ProblemInfo& info = *std::find_if(kProblems.begin(), kProblems.end(),
                                          [&](const ProblemInfo& one) { return one.type == problem.type; });
  nlohmann::json errors = nlohmann::json::array();
  for (const auto& error : problem.errors) errors.push_back({{"field", error.name}, {"text", error.text}});
  const nlohmann::json body{
      {"type", info.word},     {"title", info.title},
      {"status", info.status}, {"detail", problem.detail.empty() ? std::string(info.detail) : problem.detail},
      {"instance", instance},  {"errors", errors}};
  Response response;
  response.status = info.status;
  response.content_type = "application/problem+json";
  response.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return response;
}

}  // namespace v2x::web
