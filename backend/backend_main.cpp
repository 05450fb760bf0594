// v2x-backend: the service. Without arguments it runs; its commands are for the operator.
#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>
#include <functional>

#include "backend/app/backend.hpp"
#include "backend/app/gateway_commands.hpp"
#include "backend/app/operator_commands.hpp"
#include "common/bad_input.hpp"

namespace v2x::app {
namespace {

constexpr int kBadInputExit = 2;

void serve(const BackendOptions& options);

/// What was asked for; the commands' own arguments beside it. None of them is a password: those stay out of process
/// lists and shell histories.
struct CommandLine {
  BackendOptions options;
  std::string clock = "realtime";
  std::string roles;
  std::function<void(const BackendOptions&)> act = serve;
  std::string file, gateway_id, key, login_id, address;
  int count = 1;
  std::string out = ".";
  std::int64_t mail = 0;
  AuditFilter filter;
  NewTerms terms;
};

void add_options(CLI::App& app, CommandLine& line) {
  BackendOptions& options = line.options;
  app.add_option("--data", options.data, "directory of everything that is kept")->capture_default_str();
  app.add_option("--listen", options.listen, "address of both listeners; 0.0.0.0: everywhere")->capture_default_str();
  app.add_option("--http-port", options.http_port, "port of the sites, 0: a free one")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  app.add_option("--telemetry-port", options.telemetry_port, "port for gateways, 0: a free one")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  app.add_option("--metrics-port", options.metrics_port,
                 "port of /metrics on loopback, 0: a free one (9570; with --control none)")
      ->check(CLI::Range(0, 65535));
  app.add_option("--registry", options.registry, "accounts, gateways, mails: sqlite (in --data), postgresql://…")
      ->capture_default_str();
  app.add_option("--telemetry", options.telemetry,
                 "samples: sqlite (in --data), postgresql://…, clickhouse://HOST:PORT[,HOST:PORT…]")
      ->capture_default_str();
  app.add_option("--roles", line.roles, "what this process does, separated by commas: ingest, web, mail, timers (all)");
  app.add_option("--smtp", options.smtp, "mail server, host:port")->capture_default_str();
  app.add_option("--mail-io-timeout", options.mail_io_timeout_s, "seconds that one mail may take")
      ->capture_default_str();
  app.add_option("--offline-after-min", options.offline_after_min,
                 "minutes without a report until a gateway is 通信断, at least three report intervals")
      ->capture_default_str();
  app.add_option("--weather", options.weather,
                 "file of forecasts and warnings for AI control (weather.yaml in --data)");
  app.add_option("--control", options.control, "control socket, ipc:///… (none by default)");
  app.add_option("--clock", line.clock, "realtime: the wall clock; stepped: moved by --control")
      ->check(CLI::IsMember({"realtime", "stepped", "lockstep"}))
      ->capture_default_str();
  app.add_option("--start", options.clock.start, "stepped: first instant, RFC 3339, JST where no zone is given");
  app.add_option("--epoch", options.clock.epoch, "realtime: TIME@MONOTONIC_NS; default: the machine's time");
  app.add_option("--speed", options.clock.speed, "realtime: service seconds per second")->capture_default_str();
  app.add_option("--public-multi", options.bases.multi, "public base of the 管理・登録サイト");
  app.add_option("--public-regist", options.bases.regist, "the same, for links in mails");
  app.add_option("--public-entry", options.bases.entry, "public base of the 販売店様 登録サイト");
  app.add_option("--public-ctrl", options.bases.ctrl, "public base of the モニタリングサイト");
  app.add_option("--trusted-proxy", options.trusted_proxies,
                 "address whose X-Forwarded-For is believed; may be repeated");
}

/// SIGTERM and SIGINT are waited for by main alone: no thread is interrupted by them.
sigset_t block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

void serve(const BackendOptions& options) {
  const sigset_t stop_signals = block_stop_signals();
  Backend backend(options);
  backend.start();
  for (const auto& line : backend.listeners()) std::printf("%s\n", line.c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&stop_signals, &signal);
  backend.stop();
}

CLI::App* add_group(CLI::App& app, const char* name, const char* what) {
  return app.add_subcommand(name, what)->fallthrough()->require_subcommand(1);
}

CLI::App* add_command(CLI::App* group, const char* name, const char* what, CommandLine& line,
                      std::function<void(const BackendOptions&)> act) {
  auto* command = group->add_subcommand(name, what)->fallthrough();
  command->callback([&line, act = std::move(act)] { line.act = act; });
  return command;
}

void add_gateway_commands(CLI::App& app, CommandLine& line) {
  auto* group = add_group(app, "gateways", "the factory's list of gateways");
  add_command(group, "import", "load a list: gateway_id,password,curve_public_key", line,
              [&line](const auto& options) { import_gateways(options, line.file); })
      ->add_option("FILE", line.file, "the list, CSV")
      ->required();
  auto* make = add_command(group, "make", "make a list and secret key files, for simulation", line,
                           [&line](const auto&) { make_gateways(line.count, line.out); });
  make->add_option("--count", line.count, "how many")->check(CLI::PositiveNumber)->capture_default_str();
  make->add_option("--out", line.out, "directory of gateways.csv and the key files")->capture_default_str();
  auto* add_key = add_command(group, "add-key", "let a gateway in with another key", line,
                              [&line](const auto& options) { add_gateway_key(options, line.gateway_id, line.key); });
  add_key->add_option("GATEWAY", line.gateway_id, "its ID")->required();
  add_key->add_option("KEY", line.key, "the public key, Z85")->required();
  add_command(group, "revoke-key", "accept nothing more from a key", line,
              [&line](const auto& options) { revoke_gateway_key(options, line.key); })
      ->add_option("KEY", line.key, "the public key, Z85")
      ->required();
  add_command(group, "release", "end the ownership, as the owner could", line,
              [&line](const auto& options) { release_gateway(options, line.gateway_id); })
      ->add_option("GATEWAY", line.gateway_id, "its ID")
      ->required();
  add_command(group, "show", "print device, keys, owner, links", line,
              [&line](const auto& options) { show_gateway(options, line.gateway_id); })
      ->add_option("GATEWAY", line.gateway_id, "its ID")
      ->required();
}

void add_account_commands(CLI::App& app, CommandLine& line) {
  auto* group = add_group(app, "accounts", "accounts of customers and dealers");
  const auto add = [&](const char* name, const char* what, auto act) {
    add_command(group, name, what, line, [&line, act](const auto& options) { act(options, line.login_id); })
        ->add_option("ID", line.login_id, "user ID: a mail address or a dealer's number")
        ->required();
  };
  add("show", "print who it is, its state, its gateways", show_account);
  add("lock", "refuse its log-ins and end its sessions",
      [](const auto& options, const auto& id) { lock_account(options, id, true); });
  add("unlock", "let it log in again", [](const auto& options, const auto& id) { lock_account(options, id, false); });
}

void add_terms_commands(CLI::App& app, CommandLine& line) {
  auto* group = add_group(app, "terms", "the terms of use");
  add_command(group, "show", "print their versions", line, show_terms);
  auto* publish = add_command(group, "publish", "put a new version into effect from a day on", line,
                              [&line](const auto& options) { publish_terms(options, line.terms); });
  publish->add_option("FILE", line.terms.file, "its text, UTF-8, paragraphs between empty lines")->required();
  publish->add_option("--for", line.terms.of, "whose terms they are")
      ->check(CLI::IsMember({"customers", "dealers"}))
      ->required();
  publish->add_option("--from", line.terms.from, "first day, YYYY-MM-DD")->required();
}

void add_trail_commands(CLI::App& app, CommandLine& line) {
  auto* mails = add_group(app, "mails", "the mails");
  add_command(mails, "show", "print what was decided about each", line, [&line](const auto& options) {
    show_mails(options, line.address);
  })->add_option("--to", line.address, "only to this address");
  add_command(mails, "resend", "send a mail again that failed", line,
              [&line](const auto& options) { resend_mail(options, line.mail); })
      ->add_option("ID", line.mail, "the number that its Message-ID begins with")
      ->required();
  auto* audit = add_command(add_group(app, "audit", "the audit log"), "show", "print its newest rows", line,
                            [&line](const auto& options) { show_audit(options, line.filter); });
  audit->add_option("--last", line.filter.last, "how many")->check(CLI::PositiveNumber)->capture_default_str();
  audit->add_option("--actor", line.filter.actor, "only of this one, like 'account 12'");
  audit->add_option("--act", line.filter.act, "only of this kind, like claim");
}

int run(int argc, char** argv) {
  CLI::App app("The remote monitoring service: sites, mails, telemetry. Runs with its defaults when told nothing.");
  app.set_help_all_flag("--help-all", "Print the help of all commands and exit");
  app.fallthrough();
  CommandLine line;
  add_options(app, line);
  add_gateway_commands(app, line);
  add_account_commands(app, line);
  add_terms_commands(app, line);
  add_trail_commands(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kBadInputExit;
  }
  if (app.count("--roles") > 0) line.options.roles = parse_roles(line.roles);
  line.options.stepped = line.clock != "realtime";
  line.act(line.options);
  return 0;
}

}  // namespace
}  // namespace v2x::app

int main(int argc, char** argv) {
  try {
    return v2x::app::run(argc, argv);
  } catch (const v2x::BadInput& error) {
    std::fprintf(stderr, "v2x-backend: %s\n", error.what());
    return v2x::app::kBadInputExit;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "v2x-backend: %s\n", error.what());
    return 1;
  }
}
