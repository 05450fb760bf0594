// AI control as owner and dealer choose it on M11 (SET-20).
#pragma once

#include <optional>
#include <string>

#include "backend/model/account.hpp"
#include "backend/service/ai_duty.hpp"
#include "backend/service/form.hpp"
#include "backend/service/ports/ai_controls.hpp"
#include "backend/service/ports/drafts.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/settings.hpp"

namespace v2x::service {

struct AiShown {
  OwnedGateway gateway;
  Form form;                          ///< of ai_fields(): what is chosen, or what the site suggests
  std::vector<std::string> standing;  ///< what AI control does or could not do, a sentence each
};

/// Thread-safe. Errors: "not_found", "no_draft".
class AiSettings {
 public:
  AiSettings(Registry& registry, const Settings& settings, AiTimes times = {})
      : registry_(registry), settings_(settings), times_(times) {}

  std::optional<AiShown> show(const model::Account& account, const std::string& gateway_id);
  /// 「次に進む」: what was chosen waits for 「設定」.
  Result<FieldErrors> enter(const model::Account& account, const std::string& session_token,
                            const std::string& gateway_id, const Form& posted);
  std::optional<Draft> draft(const std::string& session_token);
  /// 「設定」. Pressed twice: done once.
  Status submit(const model::Account& account, const std::string& session_token, const Caller& caller);

 private:
  Registry& registry_;
  const Settings& settings_;
  const AiTimes times_;
};

}  // namespace v2x::service
