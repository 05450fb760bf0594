#include "backend/service/refusals.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace v2x::service {
namespace {

constexpr std::string_view kAfterCode = ": ";

struct Words {
  std::string_view code;
  std::string_view text;
};
constexpr std::array<Words, 6> kWords{{
    {"bad_value", "機器で使用できない値です"},
    {"unit_refused", "パワーコンディショナが拒否しました"},
    {"unit_silent", "パワーコンディショナが応答しません"},
    {"busy", "ゲートウェイがほかの要求を処理しています"},
    {"storage", "ゲートウェイが設定を保存できませんでした"},
    {"unsupported", "機器が対応していない操作です"},
}};

const Words* words_of(const std::string& reason) {
  const auto found = std::find_if(kWords.begin(), kWords.end(), [&](const Words& words) {
    return reason.starts_with(words.code) && reason.compare(words.code.size(), kAfterCode.size(), kAfterCode) == 0;
  });
  return found == kWords.end() ? nullptr : &*found;
}

}  // namespace

std::string refusal_text(const std::string& reason) {
  if (reason.empty()) return "理由の通知がありません";
  const Words* words = words_of(reason);
  return words ? std::string(words->text) : reason;
}

std::string refusal_detail(const std::string& reason) {
  const Words* words = words_of(reason);
  return words ? reason.substr(words->code.size() + kAfterCode.size()) : "";
}

}  // namespace v2x::service
