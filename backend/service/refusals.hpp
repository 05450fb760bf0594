// Why a gateway did not do what a command asked for: its reason begins with a code (telemetry.proto, CommandResult).
#pragma once

#include <string>

namespace v2x::service {

/// In Japanese by the code; a reason without a known code as it came.
std::string refusal_text(const std::string& reason);
/// What the gateway says beside the code, for whoever repairs it; empty when there is nothing.
std::string refusal_detail(const std::string& reason);

}  // namespace v2x::service
