#include "harness/world/gateway_file.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace v2x::world {
namespace {

std::string text(const Json& object, const char* member) {
  const Json value = object.value(member, Json());
  return value.is_string() ? value.get<std::string>() : value.is_null() ? "" : value.dump();
}

/// Z85 has every sign of YAML but the quotation marks.
std::string quoted(const std::string& value) {
  return "'" + value + "'";
}

}  // namespace

std::string gateway_file(const Json& site, const GatewayService& service) {
  std::vector<std::string> keys;
  for (const auto& file : service.key_files) keys.push_back(quoted(file.string()));
  const Json own = site.value("gateway", Json::object());
  std::string file = fmt::format(
      "# A gateway for the units of '{}'.\n"
      "gateway: {{id: {}, model: {}, serial: {}, contract: {} A{}}}\n"
      "service:\n"
      "  endpoint: {}\n"
      "  server_key: {}\n"
      "  keys: [{}]                     # secret keys; the first that the service knows is used\n"
      "{}"
      "spool: {}\n"
      "units:\n",
      text(site, "name"), text(site, "gateway_id"), text(own, "model"), quoted(text(own, "serial")),
      own.value("contract_a", 0.0), service.brisk ? ", report_period: 2 s, poll: {meter: 1 s, ev: 1 s, pv: 1 s}" : "",
      service.endpoint, quoted(service.server_public_key), fmt::join(keys, ", "),
      service.brisk ? "  reply_timeout: 5 s\n" : "", quoted(service.spool.string()));
  for (const Json& unit : site.value("units", Json::array()))
    file += fmt::format("  {}: {{kind: {}, unit_id: {}, map: {}, tcp: '{}'}}\n", text(unit, "name"), text(unit, "kind"),
                        text(unit, "unit_id"), text(unit, "map"), text(unit, "tcp"));
  return file;
}

}  // namespace v2x::world
