// M11: AI control of a gateway.
#include "backend/service/setting_fields.hpp"
#include "backend/web/monitoring/confirmation.hpp"
#include "backend/web/monitoring/frame.hpp"
#include "backend/web/router.hpp"
#include "backend/web/view.hpp"

namespace v2x::web {
namespace {

constexpr const char* kAi = "/ctrl/ai";
constexpr const char* kConfirm = "/ctrl/aiConfirm";

Response ai_page(Exchange& exchange, const service::AiShown& shown, const service::Form& form,
                 const service::FieldErrors& errors, int status) {
  Data data = frame_of(exchange, shown.gateway);
  data.set("standing", paragraphs_view(shown.standing));
  data.set("groups", fields_view(service::ai_fields(), form, errors));
  data.set("errors", errors_view(errors));
  return exchange.page(data, status);
}

Response show_ai(Exchange& exchange) {
  const auto gateway = shown_gateway(exchange);
  const auto shown = gateway ? exchange.app().ai.show(exchange.visitor(), gateway->device.gateway_id)
                             : std::optional<service::AiShown>();
  if (!shown) return exchange.error(404);
  return ai_page(exchange, *shown, shown->form, {}, 200);
}

Response take_ai(Exchange& exchange) {
  const std::string gateway_id = exchange.query("gw");
  const auto errors =
      exchange.app().ai.enter(exchange.visitor(), exchange.session(), gateway_id, exchange.request().form);
  const auto shown = exchange.app().ai.show(exchange.visitor(), gateway_id);
  if (!errors || !shown) return exchange.error(404);
  if (!errors->empty()) return ai_page(exchange, *shown, exchange.request().form, *errors, 422);
  return exchange.to(at_gateway(kConfirm, gateway_id));
}

/// What waits for 「設定」, or was set already, of this gateway.
std::optional<service::Draft> own_draft(Exchange& exchange, const std::string& gateway_id) {
  return draft_for(gateway_id, exchange.app().ai.draft(exchange.session()));
}

Response show_confirm(Exchange& exchange) {
  const std::string gateway_id = exchange.query("gw");
  const auto shown = exchange.app().ai.show(exchange.visitor(), gateway_id);
  if (!shown) return exchange.error(404);
  const auto draft = own_draft(exchange, gateway_id);
  if (!draft) return exchange.to(at_gateway(kAi, gateway_id), Notice::draft_expired);
  if (draft->done) return exchange.to(at_gateway(kAi, gateway_id));
  return exchange.page(confirmation_view(shown->gateway, service::ai_fields(), draft->form,
                                         "以下の内容でAI制御を設定します。設定内容をご確認ください。", kAi));
}

Response take_confirm(Exchange& exchange) {
  const std::string gateway_id = exchange.query("gw");
  if (!exchange.app().ai.show(exchange.visitor(), gateway_id)) return exchange.error(404);
  const auto draft = own_draft(exchange, gateway_id);
  if (!draft || !exchange.app().ai.submit(exchange.visitor(), exchange.session(), exchange.caller()))
    return exchange.to(at_gateway(kAi, gateway_id), Notice::draft_expired);
  return exchange.to(at_gateway(kAi, gateway_id), Notice::ai_changed);
}

}  // namespace

std::vector<Route> ai_routes() {
  return {
      {"GET", kAi, "M11", Right::viewer, show_ai},
      {"POST", kAi, "M11", Right::viewer, take_ai},
      {"GET", kConfirm, "M11-confirm", Right::viewer, show_confirm},
      {"POST", kConfirm, "M11-confirm", Right::viewer, take_confirm},
  };
}

}  // namespace v2x::web
