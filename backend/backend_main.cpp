// v2x-backend: the service. Without arguments it runs; its commands are for the operator.
#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>

#include "backend/app/backend.hpp"
#include "backend/app/commands.hpp"
#include "common/bad_input.hpp"

namespace v2x::app {
namespace {

constexpr int kBadInputExit = 2;

struct CommandLine {
  BackendOptions options;
  std::string clock = "realtime";
  std::string list;
  int count = 1;
  std::string out = ".";
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
  app.add_option("--smtp", options.smtp, "mail server, host:port")->capture_default_str();
  app.add_option("--mail-io-timeout", options.mail_io_timeout_s, "seconds that one mail may take")
      ->capture_default_str();
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

int run(int argc, char** argv) {
  CLI::App app("The remote monitoring service: sites, mails, telemetry. Runs with its defaults when told nothing.");
  app.fallthrough();
  CommandLine line;
  add_options(app, line);
  auto* gateways =
      app.add_subcommand("gateways", "the factory's list of gateways")->fallthrough()->require_subcommand(1);
  auto* import = gateways->add_subcommand("import", "load a list: gateway_id,password,curve_public_key")->fallthrough();
  import->add_option("FILE", line.list, "the list, CSV")->required();
  auto* make = gateways->add_subcommand("make", "make a list and secret key files, for simulation")->fallthrough();
  make->add_option("--count", line.count, "how many")->check(CLI::PositiveNumber)->capture_default_str();
  make->add_option("--out", line.out, "directory of gateways.csv and the key files")->capture_default_str();
  auto* mails = app.add_subcommand("mails", "the mails")->fallthrough()->require_subcommand(1);
  auto* show = mails->add_subcommand("show", "print what was decided about each")->fallthrough();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kBadInputExit;
  }
  line.options.stepped = line.clock != "realtime";
  if (*import)
    import_gateways(line.options, line.list);
  else if (*make)
    make_gateways(line.count, line.out);
  else if (*show)
    show_mails(line.options);
  else
    serve(line.options);
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
