// What v2x-backend is told on its command line; the defaults run a service without any configuration.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "backend/app/roles.hpp"
#include "backend/service/settings.hpp"
#include "backend/store/store_url.hpp"
#include "common/clock_options.hpp"

namespace v2x::app {

struct BackendOptions {
  std::filesystem::path data = "./var";
  std::string listen = "127.0.0.1";  ///< address of both listeners; 0.0.0.0 = everywhere
  int http_port = 8080;              ///< 0 = a free one
  int telemetry_port = 5570;         ///< 0 = a free one
  std::optional<int> metrics_port;   ///< 0 = a free one; nullopt: 9570, with a control socket none
  std::string registry = "sqlite";   ///< sqlite: a file in `data`; otherwise what parse_store_url reads
  std::string telemetry = "sqlite";  ///< likewise
  Roles roles = all_roles();
  std::string smtp = "127.0.0.1:1025";
  double mail_io_timeout_s = 30;  // MAIL-03
  int offline_after_min = 30;     // ALARM-10
  std::filesystem::path weather;  ///< file of forecasts and warnings; empty = weather.yaml in `data`
  std::string control;            ///< endpoint; empty = no control socket
  bool stepped = false;           ///< the clock stands until the control socket moves it
  ClockOptions clock;
  service::PublicBases bases;  ///< empty ones become http://<listen>:<port>
  std::vector<std::string> trusted_proxies;

  std::filesystem::path registry_file() const { return data / "registry.db"; }
  std::filesystem::path telemetry_file() const { return data / "telemetry.db"; }
  /// Throw BadInput when the address is malformed.
  store::StoreUrl registry_url() const;
  store::StoreUrl telemetry_url() const;
  /// Whether other processes may write into the registry beside this one.
  bool shares_registry() const { return registry_url().kind == store::StoreUrl::Kind::postgresql; }
  std::filesystem::path weather_file() const { return weather.empty() ? data / "weather.yaml" : weather; }
};

/// Throws BadInput for what must not be combined: a stepped clock needs a control socket, listens on loopback (SEC-15)
/// and has all roles; a process with some of them needs stores that others can share; silence is no news before three
/// reports are missing (ALARM-10).
void check(const BackendOptions& options);

}  // namespace v2x::app
