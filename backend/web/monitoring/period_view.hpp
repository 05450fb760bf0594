// The period that graph and economy show: which one the URL names, and the ways to its neighbours.
#pragma once

#include <optional>
#include <string_view>

#include "backend/model/period.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/web/exchange.hpp"

namespace v2x::web {

/// `span` and `date` of the URL; today's day without them. nullopt for nonsense.
std::optional<model::Period> asked_period(const Exchange& exchange);
/// Data of the template _period.
void set_period(Data& data, Exchange& exchange, std::string_view path, const service::OwnedGateway& gateway,
                const model::Period& period);
/// 「00:00」, 「1日」, 「1月」: how the slot that begins at `start` is called.
std::string slot_text(model::Span span, Time start);
/// What these are slots of: 「時刻」, 「日」, 「月」.
const char* slot_head(model::Span span);

}  // namespace v2x::web
