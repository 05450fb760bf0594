// What the URL of a mail is worth, and the telephone number that proves who opened it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "backend/service/form.hpp"
#include "backend/service/ports/tokens.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/settings.hpp"

namespace v2x::service {

/// Unknown stands for replaced ones, too.
enum class UrlState { good, expired, used, unknown };
std::string to_string(UrlState state);
UrlState state_of(const Transaction& tx, const std::optional<LinkToken>& token);

inline constexpr std::string_view kWrongTelephone = "電話番号が登録内容と一致しません。";  // REG-24

struct Telephones {
  std::string entered;
  std::string registered;
};
/// Counts wrong numbers on the token, so the transaction must commit. Error "locked": too many in a row (REG-24).
Result<FieldErrors> judge_telephone(Transaction& tx, const Settings& settings, const LinkToken& token,
                                    const Telephones& telephones);

}  // namespace v2x::service
