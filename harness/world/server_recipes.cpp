#include "harness/world/server_recipes.hpp"

#include <fmt/format.h>

#include <csignal>
#include <fstream>

#include "harness/actors/http_probe.hpp"
#include "harness/world/program.hpp"

namespace v2x::world {
namespace {

namespace fs = std::filesystem;

constexpr auto kPassword = "only-on-loopback";

std::string program(const std::string& name) {
  return find_program(name).value_or(name).string();
}

void write_file(const fs::path& path, const std::string& text) {
  std::ofstream(path) << text;
}

class PostgresqlRecipe : public ServerRecipe {
 public:
  std::vector<std::string> programs() const override { return {"postgres", "initdb"}; }

  std::vector<std::string> prepare(const ServerPlace& place) const override {
    write_file(place.directory / "password", kPassword);
    return {program("initdb"),
            "--pgdata=" + data(place),
            "--username=v2x",
            "--pwfile=" + (place.directory / "password").string(),
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-instructions",
            "--no-sync"};
  }

  std::vector<std::string> command(const ServerPlace& place) const override {
    return {program("postgres"),     "-D", data(place), "-h", "127.0.0.1", "-p", std::to_string(place.port), "-k",
            place.directory.string()};
  }

  /// As pg_ctl asks: the first and the eighth line of the lock file, which a killed server leaves behind.
  bool is_ready(const ServerPlace& place, pid_t server) const override {
    std::ifstream lock(fs::path(data(place)) / "postmaster.pid");
    std::vector<std::string> lines;
    for (std::string line; std::getline(lock, line);) lines.push_back(line);
    return lines.size() >= 8 && lines[0] == std::to_string(server) &&
           (lines[7].starts_with("ready") || lines[7].starts_with("standby"));
  }

  std::string url(const ServerPlace& place) const override {
    return fmt::format("postgresql://v2x:{}@127.0.0.1:{}/postgres", kPassword, place.port);
  }
  int stop_signal() const override { return SIGINT; }  // fast: ends sessions, writes a checkpoint

 protected:
  static std::string data(const ServerPlace& place) { return (place.directory / "data").string(); }
};

class StandbyRecipe : public PostgresqlRecipe {
 public:
  explicit StandbyRecipe(std::string primary_url) : primary_url_(std::move(primary_url)) {}
  std::vector<std::string> prepare(const ServerPlace& place) const override {
    return {program("pg_basebackup"), "--dbname=" + primary_url_, "--pgdata=" + data(place),
            "--write-recovery-conf",  "--checkpoint=fast",        "--no-sync"};
  }

 private:
  const std::string primary_url_;
};

class ClickhouseRecipe : public ServerRecipe {
 public:
  std::vector<std::string> programs() const override { return {"clickhouse-server"}; }

  std::vector<std::string> prepare(const ServerPlace& place) const override {
    const std::string root = place.directory.string();
    write_file(place.directory / "config.xml",
               fmt::format("<yandex>\n"
                           "<logger><level>warning</level><console>1</console></logger>\n"
                           "<listen_host>127.0.0.1</listen_host>\n"
                           "<http_port>{}</http_port><tcp_port>{}</tcp_port>\n"
                           "<path>{}/data/</path><tmp_path>{}/tmp/</tmp_path>\n"
                           "<format_schema_path>{}/schemas/</format_schema_path>\n"
                           "<mark_cache_size>268435456</mark_cache_size>\n"
                           "<users_config>users.xml</users_config>\n"
                           "<default_profile>default</default_profile><default_database>default</default_database>\n"
                           "</yandex>\n",
                           place.port, place.second_port, root, root, root));
    write_file(place.directory / "users.xml",
               "<yandex>\n"
               "<profiles><default/></profiles><quotas><default/></quotas>\n"
               "<users><default><password></password><networks><ip>127.0.0.1</ip></networks>\n"
               "<profile>default</profile><quota>default</quota></default></users>\n"
               "</yandex>\n");
    return {};
  }

  std::vector<std::string> command(const ServerPlace& place) const override {
    return {program("clickhouse-server"), "--config-file=" + (place.directory / "config.xml").string()};
  }
  bool is_ready(const ServerPlace& place, pid_t) const override { return actors::http_answers(place.port, "/ping"); }
  std::string url(const ServerPlace& place) const override {
    return fmt::format("clickhouse://127.0.0.1:{}", place.port);
  }
  int stop_signal() const override { return SIGTERM; }
};

class VictoriametricsRecipe : public ServerRecipe {
 public:
  std::vector<std::string> programs() const override { return {"victoria-metrics"}; }
  std::vector<std::string> prepare(const ServerPlace&) const override { return {}; }
  std::vector<std::string> command(const ServerPlace& place) const override {
    return {program("victoria-metrics"), "-storageDataPath=" + (place.directory / "data").string(),
            fmt::format("-httpListenAddr=127.0.0.1:{}", place.port)};
  }
  bool is_ready(const ServerPlace& place, pid_t) const override { return actors::http_answers(place.port, "/health"); }
  std::string url(const ServerPlace& place) const override { return fmt::format("http://127.0.0.1:{}", place.port); }
  int stop_signal() const override { return SIGINT; }
};

class InfluxdbRecipe : public ServerRecipe {
 public:
  std::vector<std::string> programs() const override { return {"influxd"}; }

  std::vector<std::string> prepare(const ServerPlace& place) const override {
    const std::string root = place.directory.string();
    write_file(place.directory / "influxdb.conf",
               fmt::format("reporting-disabled = true\n"
                           "bind-address = \"127.0.0.1:{}\"\n"
                           "[meta]\ndir = \"{}/meta\"\n"
                           "[data]\ndir = \"{}/data\"\nwal-dir = \"{}/wal\"\nquery-log-enabled = false\n"
                           "[http]\nbind-address = \"127.0.0.1:{}\"\nlog-enabled = false\n"
                           "[monitor]\nstore-enabled = false\n",
                           place.second_port, root, root, root, place.port));
    return {};
  }

  std::vector<std::string> command(const ServerPlace& place) const override {
    return {program("influxd"), "run", "-config", (place.directory / "influxdb.conf").string()};
  }
  bool is_ready(const ServerPlace& place, pid_t) const override { return actors::http_answers(place.port, "/ping"); }
  std::string url(const ServerPlace& place) const override { return fmt::format("http://127.0.0.1:{}", place.port); }
  int stop_signal() const override { return SIGTERM; }
};

}  // namespace

std::string to_string(ServerKind kind) {
  switch (kind) {
    case ServerKind::postgresql:
      return "postgresql";
    case ServerKind::clickhouse:
      return "clickhouse";
    case ServerKind::victoriametrics:
      return "victoriametrics";
    case ServerKind::influxdb:
      return "influxdb";
  }
  return {};
}

std::unique_ptr<ServerRecipe> server_recipe(ServerKind kind) {
  switch (kind) {
    case ServerKind::postgresql:
      return std::make_unique<PostgresqlRecipe>();
    case ServerKind::clickhouse:
      return std::make_unique<ClickhouseRecipe>();
    case ServerKind::victoriametrics:
      return std::make_unique<VictoriametricsRecipe>();
    case ServerKind::influxdb:
      return std::make_unique<InfluxdbRecipe>();
  }
  return nullptr;
}

std::unique_ptr<ServerRecipe> standby_recipe(const std::string& primary_url) {
  return std::make_unique<StandbyRecipe>(primary_url);
}

}  // namespace v2x::world
