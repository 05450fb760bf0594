// The HTTP server: one port for all sites.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "backend/service/settings.hpp"
#include "backend/web/services.hpp"

namespace v2x::web {

struct ServerOptions {
  std::string address = "127.0.0.1";
  int port = 8080;                           ///< 0: any free one
  std::vector<std::string> trusted_proxies;  ///< addresses whose X-Forwarded-For is believed (SEC-09)
  std::filesystem::path files;               ///< directory of templates/, static/ and texts/
};

/// Owns its threads: "http" accepts, a pool answers. Everything given to it must outlive it.
class Server {
 public:
  /// Binds the port, so that port() is known, but answers nothing before start(). Throws BadInput when the port is
  /// taken or a file is missing. `settings.bases` may be filled in until start().
  Server(const ServerOptions& options, const Services& services);
  ~Server();

  int port() const;
  void start();
  /// Ends when the answers under way are given. Idempotent.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Bases that were not configured become http://127.0.0.1:<port> (SITE-05).
void fill_missing_bases(service::PublicBases& bases, int port);

}  // namespace v2x::web
