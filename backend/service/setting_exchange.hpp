// The life of a request for settings: queued, handed to the gateway, answered or out of time (SET-02 … SET-07).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "backend/service/duty.hpp"
#include "backend/service/gateway_commands.hpp"
#include "backend/service/ports/setting_requests.hpp"
#include "backend/service/registry.hpp"
#include "common/result.hpp"

namespace v2x::service {

struct SettingTimes {
  Duration read_within = std::chrono::seconds(60);   // SET-02
  Duration write_within = std::chrono::seconds(90);  // SET-02
};

inline constexpr std::string_view kGatewayOffline = "ゲートウェイと通信できないため、設定できません。";  // SET-04
inline constexpr std::string_view kWriteIsOpen =
    "ほかの設定を送信しています。しばらくしてからもう一度お試しください。";                                   // SET-03
inline constexpr std::string_view kStaleRevision = "設定が変更されています。現在値を取得し直してください。";  // SET-03

/// Stateless: every act works inside of the caller's transaction.
class SettingExchange {
 public:
  explicit SettingExchange(SettingTimes times = {}) : times_(times) {}

  /// Queues a request for the gateway's current owner; its changes are in the history from now on. Errors: "offline"
  /// (SET-04), "busy" (SET-03). Rights were checked by the caller.
  Result<std::int64_t> ask(Transaction& tx, SettingRequest request) const;

  /// What leaves now, for gateways that `connected` says are there. Whoever lost the right since is cancelled (SET-05).
  std::vector<GatewayCommand> hand_over(Transaction& tx,
                                        const std::function<bool(const std::string&)>& connected) const;
  /// The connection is new: what was sent and not answered leaves again, under its id.
  void reconnected(Transaction& tx, const std::string& gateway_id) const;
  void answer(Transaction& tx, const CommandAnswer& answer) const;
  /// The gateway says that its settings have this revision (0: that they changed): what they are is read.
  void changed_at_device(Transaction& tx, const std::string& gateway_id, std::uint64_t revision) const;
  /// Ends what is out of time.
  void expire(Transaction& tx) const;

 private:
  void learn(Transaction& tx, const SettingRequest& request, const CommandAnswer& answer) const;

  SettingTimes times_;
};

/// Cancels what is open in an ownership period that ends (GW-10).
void cancel_requests(Transaction& tx, std::int64_t ownership_id, const std::string& gateway_id);
/// Cancels what a dealer asked for and is not sent yet, when its link ends (LINK-07).
void cancel_requests_of(Transaction& tx, const std::string& gateway_id, std::int64_t account_id);

/// Whether the gateway has reported and isn't known to be silent (SET-04).
bool is_reachable(Transaction& tx, const std::string& gateway_id, std::int64_t ownership_id);

/// Ends requests at their deadlines.
class SettingDeadlineDuty final : public Duty {
 public:
  SettingDeadlineDuty(Registry& registry, const SettingExchange& exchange) : registry_(registry), exchange_(exchange) {}
  std::optional<Time> next_due() override;
  void run(Time now) override;

 private:
  Registry& registry_;
  const SettingExchange& exchange_;
};

}  // namespace v2x::service
