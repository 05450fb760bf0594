// The picture of where energy flows: 太陽光, 家, EV, 電力会社, and the same as rows of a table (M03).
#pragma once

#include "backend/service/monitoring.hpp"
#include "backend/web/templates.hpp"

namespace v2x::web {

/// Data of the templates _flow and flow: nodes, links, flow_rows.
void set_flow(Data& data, const service::HomeNow& home);

}  // namespace v2x::web
