// Linking dealers to gateways, the customer's part (LINK-01 … LINK-09).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backend/model/account.hpp"
#include "backend/service/form.hpp"
#include "backend/service/ports/drafts.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/settings.hpp"

namespace v2x::service {

inline constexpr std::string_view kWrongDealer = "販売店IDまたは電話番号が正しくありません。";             // LINK-01
inline constexpr std::string_view kFiveDealers = "保守を依頼する販売店様のIDは最大5個まで登録できます。";  // LINK-03
inline constexpr std::string_view kLinkedAlready = "この販売店様はすでに登録されています。";               // LINK-05

/// A gateway as its owner sees it: with the dealers that look after it, by slot.
struct MaintainedGateway {
  OwnedGateway gateway;
  std::vector<model::Account> dealers;
};

/// What R42 shows.
struct LinkProposal {
  MaintainedGateway maintained;
  model::Account dealer;
};

/// Thread-safe. A gateway that isn't the account's is the error "not_found".
class Linking {
 public:
  Linking(Registry& registry, const Settings& settings) : registry_(registry), settings_(settings) {}

  /// The account's gateways whose ID or 設置先 contains `part`, with their dealers.
  std::vector<MaintainedGateway> search(const model::Account& account, const std::string& part);
  std::optional<MaintainedGateway> find(const model::Account& account, const std::string& gateway_id);

  /// 「次に進む」 of R41: keeps gateway and dealer in the draft "link". Errors: not_found, locked (LINK-01).
  Result<FieldErrors> enter(const model::Account& account, const std::string& session_token,
                            const std::string& gateway_id, const Form& posted, const Caller& caller);
  std::optional<Draft> draft(const std::string& session_token);
  /// What the open draft would do. Errors: no_draft, not_found.
  Result<LinkProposal> proposal(const model::Account& account, const std::string& session_token);
  /// 「登録」 of R42: link and mail in one transaction (LINK-06). Errors: no_draft, not_found, five_dealers, linked.
  Status submit(const model::Account& account, const std::string& session_token, const Caller& caller);

 private:
  DraftKey key(const std::string& session_token) const;

  Registry& registry_;
  const Settings& settings_;
};

}  // namespace v2x::service
