#include "backend/web/monitoring/confirmation.hpp"

#include "backend/web/view.hpp"

namespace v2x::web {

std::string at_gateway(std::string_view path, const std::string& gateway_id) {
  return std::string(path) + "?gw=" + gateway_id;
}

std::optional<service::Draft> draft_for(const std::string& gateway_id, std::optional<service::Draft> draft) {
  if (draft && service::entered(draft->form, "gatewayId") != gateway_id) draft.reset();
  return draft;
}

Data confirmation_view(const service::OwnedGateway& gateway, std::span<const service::FieldGroup> fields,
                       const service::Form& entered, std::string_view text, std::string_view entry_path) {
  constexpr int kConfirmStep = 1;  // 入力 → 確認 → 完了
  Data data;
  data.set("texts", texts_view({text}));
  data.set("steps", steps_view(kConfirmStep));
  data.set("gateway", gateway_view(gateway.device));
  data.set("groups", values_view(fields, entered));
  data.set("back", at_gateway(entry_path, gateway.device.gateway_id));
  data.set("submit", "設定");
  return data;
}

}  // namespace v2x::web
