#include "backend/app/options.hpp"

#include <fmt/format.h>

#include "backend/ingest/delivery.hpp"
#include "common/bad_input.hpp"

namespace v2x::app {
namespace {

constexpr auto kBesideOthers = "sqlite";  // a file in the data directory

store::StoreUrl url_of(const char* option, const std::string& text, const std::filesystem::path& file) {
  if (text == kBesideOthers) return store::parse_store_url("sqlite:" + file.string());
  try {
    return store::parse_store_url(text);
  } catch (const BadInput& error) {
    throw BadInput(fmt::format("{}: {}", option, error.what()));
  }
}

constexpr int kMissedReports = 3;  // ALARM-10

int shortest_silence_min() {
  return static_cast<int>(
      std::chrono::ceil<std::chrono::minutes>(kMissedReports * ingest::DeliverySettings{}.report_period).count());
}

/// A file is one process's: nobody else hears of its commits.
void check_roles(const BackendOptions& options) {
  if (options.roles == all_roles()) return;
  if (options.stepped)
    throw BadInput(fmt::format("--roles {}: expected all of them with --clock stepped", to_string(options.roles)));
  const auto must_be_shared = [&](const char* option, const store::StoreUrl& url, const char* expected) {
    if (url.kind == store::StoreUrl::Kind::sqlite)
      throw BadInput(fmt::format("--roles {}: processes share no SQLite file, expected {} {}", to_string(options.roles),
                                 option, expected));
  };
  must_be_shared("--registry", options.registry_url(), "postgresql://…");
  must_be_shared("--telemetry", options.telemetry_url(), "postgresql://… or clickhouse://…");
}

}  // namespace

store::StoreUrl BackendOptions::registry_url() const {
  auto url = url_of("--registry", registry, registry_file());
  if (url.kind == store::StoreUrl::Kind::clickhouse)
    throw BadInput(fmt::format("--registry {}: expected sqlite, sqlite:FILE or postgresql://…", url.shown));
  return url;
}

store::StoreUrl BackendOptions::telemetry_url() const {
  return url_of("--telemetry", telemetry, telemetry_file());
}

void check(const BackendOptions& options) {
  const auto must = [](bool holds, const std::string& sentence) {
    if (!holds) throw BadInput(sentence);
  };
  const bool loopback = options.listen.starts_with("127.") || options.listen == "localhost";
  must(!options.stepped || !options.control.empty(), "--clock stepped: nobody can move it, expected --control, too");
  must(!options.stepped || !options.clock.start.empty(), "--clock stepped: no first instant, expected --start, too");
  must(!options.stepped || loopback,
       fmt::format("--listen {}: expected a loopback address with --clock stepped", options.listen));
  must(options.mail_io_timeout_s > 0, "--mail-io-timeout: expected more than 0 s");
  must(options.offline_after_min >= shortest_silence_min(),
       fmt::format("--offline-after-min {}: expected at least {}, three report intervals", options.offline_after_min,
                   shortest_silence_min()));
  const bool private_control = options.control.empty() || options.control.starts_with("ipc://") ||
                               options.control.starts_with("tcp://127.") ||
                               options.control.starts_with("tcp://localhost");
  must(private_control, fmt::format("--control {}: expected ipc:///… or tcp://127.0.0.1:…", options.control));
  (void)options.registry_url();
  (void)options.telemetry_url();
  check_roles(options);
}

}  // namespace v2x::app
