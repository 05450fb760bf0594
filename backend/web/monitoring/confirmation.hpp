// What device settings and AI control have in common: what was entered for a gateway waits on a page for 「設定」.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "backend/service/fields.hpp"
#include "backend/service/ports/drafts.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/web/templates.hpp"

namespace v2x::web {

/// 「path?gw=…」.
std::string at_gateway(std::string_view path, const std::string& gateway_id);

/// The draft, if it is one of this gateway: one session has one draft of a kind, whatever gateway it looks at.
std::optional<service::Draft> draft_for(const std::string& gateway_id, std::optional<service::Draft> draft);

/// For the template "confirm". `text` asks to look at the values once more; 「前に戻る」 leads to `entry_path`.
Data confirmation_view(const service::OwnedGateway& gateway, std::span<const service::FieldGroup> fields,
                       const service::Form& entered, std::string_view text, std::string_view entry_path);

}  // namespace v2x::web
