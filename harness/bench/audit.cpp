#include "harness/bench/audit.hpp"

#include <fmt/format.h>

namespace v2x::bench {

nlohmann::json Audit::json() const {
  return {{"clean", clean()},           {"acknowledged", acknowledged},
          {"stored", stored},           {"missing", missing},
          {"doubled", doubled},         {"put_aside", put_aside},
          {"asked_again", asked_again}, {"first_finding", first_finding}};
}

void hold(const GatewayBook& book, const nlohmann::json& streams, Audit& audit) {
  std::uint64_t mark = 0, missing = 0, doubled = 0;
  for (const auto& ledger : streams) {
    if (ledger.value("stream", "") != book.stream) continue;
    mark = ledger.value("mark", std::uint64_t{0});
    missing = ledger.value("missing", std::uint64_t{0});
    doubled = ledger.value("doubled", std::uint64_t{0});
    audit.stored += ledger.value("stored", std::uint64_t{0});
    audit.put_aside += ledger.value("put_aside", std::uint64_t{0});
  }
  if (mark < book.acknowledged) missing += book.acknowledged - mark;
  audit.acknowledged += book.acknowledged;
  audit.missing += missing;
  audit.doubled += doubled;
  if (missing + doubled > 0 && audit.first_finding.empty())
    audit.first_finding = fmt::format("{}: acknowledged up to {}, mark {}, {} missing, {} doubled", book.gateway_id,
                                      book.acknowledged, mark, missing, doubled);
}

Result<Audit> audit(BenchBackend& backend, const std::vector<GatewayBook>& books) {
  backend.kill();
  if (const Status started = backend.start(); !started) return fail(started.error());
  Audit result;
  for (const GatewayBook& book : books) {
    const auto ledger = backend.call("ledger", {{"gateway", book.gateway_id}});
    if (!ledger) return fail(ledger.error());
    hold(book, ledger->value("streams", nlohmann::json::array()), result);
  }
  return result;
}

}  // namespace v2x::bench
