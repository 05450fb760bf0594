// Reading and changing the settings of a gateway's devices: what owner and dealers do on M08 … M10 and in the app.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "backend/model/account.hpp"
#include "backend/service/form.hpp"
#include "backend/service/ports/drafts.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/service/ports/setting_requests.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/setting_exchange.hpp"
#include "backend/service/settings.hpp"

namespace v2x::service {

struct SettingsShown {
  OwnedGateway gateway;
  std::optional<KnownSettings> known;  ///< absent: never read in this ownership period
  bool reachable = false;
};

/// A line of the 設定変更履歴, in words, as this viewer may see it (SET-07, DEAL-18).
struct SettingHistoryLine {
  Time time{};
  std::string author;
  std::string item;
  std::string old_value;
  std::string new_value;
  RequestState state = RequestState::done;
  std::string result;
};

/// What a write asks for: settings by name; those that it doesn't name stay.
struct SettingsWish {
  std::int64_t revision = 0;  ///< that was read
  Form values;
};

/// A request that was made, or what is wrong beside which field.
struct Asked {
  FieldErrors errors;
  std::int64_t request_id = 0;
};

/// Thread-safe. Errors: "not_found" (not this account's business), "offline", "busy", "stale_revision" with the
/// sentence for people, "no_draft".
class DeviceSettings {
 public:
  DeviceSettings(Registry& registry, const SettingExchange& exchange, const Settings& settings)
      : registry_(registry), exchange_(exchange), settings_(settings) {}

  std::optional<SettingsShown> show(const model::Account& account, const std::string& gateway_id);
  std::vector<SettingHistoryLine> history(const model::Account& account, const std::string& gateway_id, int most,
                                          int skip);

  /// 「現在値の取得」. Pressed twice: the request that is on its way.
  Result<std::int64_t> read(const model::Account& account, const std::string& gateway_id);
  Result<Asked> write(const model::Account& account, const std::string& gateway_id, const SettingsWish& wish,
                      const Caller& caller);
  /// A request of a gateway that the account may see.
  Result<SettingRequest> find(const model::Account& account, std::int64_t request_id);
  /// Who asked for it, as this viewer may know (DEAL-18).
  std::string author(const model::Account& viewer, const SettingRequest& request);

  /// 「次に進む」 of M08: what was entered waits for 「設定」.
  Result<FieldErrors> enter(const model::Account& account, const std::string& session_token,
                            const std::string& gateway_id, const Form& posted);
  std::optional<Draft> draft(const std::string& session_token);
  /// 「設定」 of M09. Pressed twice: the same request.
  Result<std::int64_t> submit(const model::Account& account, const std::string& session_token, const Caller& caller);

 private:
  Result<Asked> ask_write(Transaction& tx, const model::Account& account, const std::string& gateway_id,
                          const SettingsWish& wish, const Caller& caller) const;

  Registry& registry_;
  const SettingExchange& exchange_;
  const Settings& settings_;
};

/// What M10 says of a request that is over (SET-06).
std::string result_text(const SettingRequest& request);

}  // namespace v2x::service
