// What belongs to no site: the manual, and whether the service is up.
#include "backend/web/router.hpp"

namespace v2x::web {
namespace {

Response show_manual(Exchange& exchange) {
  DataList paragraphs;
  for (const auto& text : exchange.app().manual) {
    Data item;
    const size_t line = text.find('\n');
    item.set("heading", text.substr(0, line));
    item.set("text", line == std::string::npos ? "" : text.substr(line + 1));
    paragraphs.push_back(item);
  }
  Data data;
  data.set("paragraphs", Data(paragraphs));
  return exchange.page(data);
}

Response plain(int status) {
  return {status, "text/plain; charset=utf-8", status == 200 ? "ok\n" : "not ready\n", {}};
}

Response show_alive(Exchange&) {
  return plain(200);
}

/// The registry opens only after its migrations, so that reading from it is the whole question.
Response show_ready(Exchange& exchange) {
  try {
    exchange.app().registry.read([](service::Transaction& tx) { return tx.now(); });
    return plain(200);
  } catch (const service::StoreError&) {
    return plain(503);
  }
}

}  // namespace

std::vector<Route> common_routes() {
  return {
      {"GET", "/manual", "manual", Right::open, show_manual},
      {"GET", "/healthz", "manual", Right::open, show_alive},
      {"GET", "/readyz", "manual", Right::open, show_ready},
  };
}

}  // namespace v2x::web
