#include "backend/service/mail_links.hpp"

#include "backend/model/telephone.hpp"

namespace v2x::service {

std::string to_string(UrlState state) {
  switch (state) {
    case UrlState::good:
      return "good";
    case UrlState::expired:
      return "expired";
    case UrlState::used:
      return "used";
    case UrlState::unknown:
      return "unknown";
  }
  return {};
}

UrlState state_of(const Transaction& tx, const std::optional<LinkToken>& token) {
  if (!token) return UrlState::unknown;
  if (token->used) return UrlState::used;
  return tx.now() >= token->expires ? UrlState::expired : UrlState::good;
}

Result<FieldErrors> judge_telephone(Transaction& tx, const Settings& settings, const LinkToken& token,
                                    const Telephones& telephones) {
  if (token.locked_until && tx.now() < *token.locked_until) return fail("locked", "too many wrong telephone numbers");
  if (model::same_telephone(telephones.entered, telephones.registered)) {
    if (token.wrong > 0) tx.tokens().count_wrong(token.hash, 0, {});
    return FieldErrors{};
  }
  const int wrong = token.wrong + 1;
  const bool lock = wrong >= settings.wrong_telephones;
  tx.tokens().count_wrong(token.hash, lock ? 0 : wrong,
                          lock ? std::optional(tx.now() + settings.lock_lasts) : std::nullopt);
  return FieldErrors{{"tel1", std::string(kWrongTelephone)}};
}

}  // namespace v2x::service
