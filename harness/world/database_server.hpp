// Database servers under test: Debian's programs, started on free loopback ports in a temporary directory.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/result.hpp"
#include "common/scratch_directory.hpp"
#include "harness/world/port_block.hpp"
#include "harness/world/process.hpp"

namespace v2x::world {

enum class ServerKind { postgresql, clickhouse, victoriametrics, influxdb };
std::string to_string(ServerKind kind);

/// The first program that `kind` needs and this machine lacks; nullopt when it can be started.
std::optional<std::string> missing_program(ServerKind kind);

/// Where a server lives, as its recipe sees it.
struct ServerPlace {
  std::filesystem::path directory;
  int port = 0;         ///< of clients
  int second_port = 0;  ///< of ClickHouse's own protocol
};

/// How servers of one kind are made, started and asked whether they are ready.
class ServerRecipe {
 public:
  virtual ~ServerRecipe() = default;
  /// Programs that must be there, the server's first.
  virtual std::vector<std::string> programs() const = 0;
  /// Writes the configuration; the command that prepares the directory, empty when the server does that itself.
  virtual std::vector<std::string> prepare(const ServerPlace& place) const = 0;
  virtual std::vector<std::string> command(const ServerPlace& place) const = 0;
  /// Whether the process `server` serves.
  virtual bool is_ready(const ServerPlace& place, pid_t server) const = 0;
  virtual std::string url(const ServerPlace& place) const = 0;
  virtual int stop_signal() const = 0;
};

/// Owns the process, its ports and its directory; all are gone with it, however the process of this object ends
/// (the directory after a SIGKILL only with the next ScratchDirectory). Needs no root: when started by root, the server
/// runs as nobody. Belongs to one thread.
class DatabaseServer {
 public:
  /// Prepares it. `extra`: further words of the server's command line. Throws BadInput when a program is missing or
  /// the preparation fails.
  explicit DatabaseServer(ServerKind kind, std::vector<std::string> extra = {})
      : DatabaseServer(checked_recipe(kind), std::move(extra)) {}
  /// A PostgreSQL standby that follows `primary`, which must run. Throws BadInput likewise.
  struct StandbyOf {
    const DatabaseServer& primary;
  };
  explicit DatabaseServer(const StandbyOf& standby);
  ~DatabaseServer();
  DatabaseServer(const DatabaseServer&) = delete;
  DatabaseServer& operator=(const DatabaseServer&) = delete;

  /// Waits until it serves, also after kill(): the data is what it was.
  Status start(std::chrono::milliseconds patience = std::chrono::seconds(60));
  /// As its operator would; an Error when it is still there after the patience.
  Status stop(std::chrono::milliseconds patience = std::chrono::seconds(60));
  /// SIGKILL, as a crash.
  void kill();

  /// postgresql://USER:PASSWORD@127.0.0.1:PORT/postgres, clickhouse://127.0.0.1:PORT, http://127.0.0.1:PORT
  std::string url() const { return recipe_->url(place_); }
  int port() const { return place_.port; }
  pid_t pid() const { return process_ ? process_->id() : -1; }
  const std::filesystem::path& directory() const { return place_.directory; }
  /// The last lines of its log: why it doesn't start.
  std::string log_tail() const;

 private:
  DatabaseServer(std::unique_ptr<ServerRecipe> recipe, std::vector<std::string> extra);

  static std::unique_ptr<ServerRecipe> checked_recipe(ServerKind kind);
  std::filesystem::path log() const { return place_.directory / "server.log"; }
  std::unique_ptr<Process> launch(const std::vector<std::string>& command) const;

  std::unique_ptr<ServerRecipe> recipe_;
  std::vector<std::string> extra_;
  PortBlock ports_;
  ScratchDirectory scratch_;
  ServerPlace place_;
  std::unique_ptr<Process> process_;  ///< null while it is not wanted
  bool was_killed_ = false;           ///< since it was ready
};

}  // namespace v2x::world
