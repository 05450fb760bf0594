#include "backend/app/backend.hpp"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>

#include "backend/app/server_keys.hpp"
#include "backend/app/verbs.hpp"
#include "backend/ingest/metrics_text.hpp"
#include "common/jst.hpp"
#include "common/log.hpp"

namespace v2x::app {
namespace {

constexpr std::chrono::milliseconds kControlPoll{100};  // how late a stop may be noticed
constexpr std::chrono::milliseconds kLookAgain{1000};   // how late we notice what another process has committed
constexpr int kMetricsPort = 9570;

/// The data directory exists and the registry holds nothing newer than the clock will show.
Time floor_of(const BackendOptions& options) {
  std::filesystem::create_directories(options.data);
  return store::newest_commit(options.registry_url());
}

std::unique_ptr<SteppedClock> stepped_clock(const BackendOptions& options) {
  if (!options.stepped) return nullptr;
  return std::make_unique<SteppedClock>(std::max(options.clock.start_time(), floor_of(options)));
}

std::unique_ptr<PacedClock> paced_clock(const BackendOptions& options) {
  if (options.stepped) return nullptr;
  return std::make_unique<PacedClock>(options.clock.realtime(), floor_of(options));
}

std::optional<std::chrono::milliseconds> look_again(const BackendOptions& options) {
  if (!options.shares_registry() || options.stepped) return std::nullopt;
  return kLookAgain;
}

ingest::ServerOptions ingest_options(const BackendOptions& options, const CurveKeyPair& keys) {
  ingest::ServerOptions result;
  const std::string port = options.telemetry_port == 0 ? "*" : std::to_string(options.telemetry_port);
  result.endpoint = fmt::format("tcp://{}:{}", options.listen, port);
  result.keys = keys;
  result.look_for_commands = look_again(options);
  if (!options.stepped) result.delivery.presence = ingest::kWallClockPresence;
  return result;
}

web::ServerOptions web_options(const BackendOptions& options) {
  return {options.listen, options.http_port, options.trusted_proxies, resource("web")};
}

int port_in(const std::string& endpoint) {
  return std::stoi(endpoint.substr(endpoint.rfind(':') + 1));
}

template <class Work>
std::thread named_thread(const char* name, Work work) {
  return std::thread([name, work] {
    pthread_setname_np(pthread_self(), name);
    work();
  });
}

}  // namespace

Backend::Backend(const BackendOptions& options)
    : options_((check(options), options)),
      stepped_clock_(stepped_clock(options_)),
      paced_clock_(paced_clock(options_)),
      core_(options_, stepped_clock_ ? static_cast<Clock&>(*stepped_clock_) : *paced_clock_),
      keys_(load_or_make_server_keys(options_.data)),
      stepped_duties_({&core_.alarm_mail_duty, &core_.alarm_closing_duty, &core_.offline_duty, &core_.mail_request_duty,
                       &core_.setting_deadline_duty, &core_.ai_duty, &core_.retention_duty, &core_.half_hour_duty,
                       &core_.outbox_duty}) {
  log::start("v2x-backend", clock());
  if (has(Role::ingest))
    ingest_ = std::make_unique<ingest::Server>(context_, ingest_options(options_, keys_), core_.registry,
                                               core_.telemetry, core_.alarms, core_.commands);
  if (has(Role::web))
    web_ = std::make_unique<web::Server>(web_options(options_),
                                         web::Services{core_.settings, core_.registry, core_.monitoring, core_.alarms,
                                                       core_.setting_exchange, core_.live, clock()});
  web::fill_missing_bases(core_.settings.bases, http_port());
  if (stepped_clock_)
    stepper_.emplace(*stepped_clock_, stepped_duties_, *ingest_, happenings_,
                     [this](Time t) { core_.offline_duty.came_up(t); });
  else
    start_duties();
  observe_registry();
  const bool unasked = !options_.stepped && options_.control.empty();
  if (options_.metrics_port || unasked)
    metrics_ = std::make_unique<web::MetricsListener>(options_.metrics_port.value_or(kMetricsPort),
                                                      [this] { return metrics(); });
  if (options_.control.empty()) return;
  control_ = std::make_unique<ControlServer>(context_, options_.control);
  add_verbs();
}

Backend::~Backend() {
  stop();
}

const Clock& Backend::clock() const {
  return stepped_clock_ ? static_cast<const Clock&>(*stepped_clock_) : *paced_clock_;
}

/// Their threads run from start() on.
void Backend::start_duties() {
  if (has(Role::timers))
    timers_.emplace("timers",
                    std::vector<service::Duty*>{&core_.alarm_mail_duty, &core_.alarm_closing_duty, &core_.offline_duty,
                                                &core_.mail_request_duty, &core_.setting_deadline_duty, &core_.ai_duty,
                                                &core_.retention_duty, &core_.half_hour_duty},
                    *paced_clock_, look_again(options_));
  if (has(Role::mail))
    mail_.emplace("mail", std::vector<service::Duty*>{&core_.outbox_duty}, *paced_clock_, look_again(options_));
}

void Backend::wake_duties() {
  if (timers_) timers_->wake();
  if (mail_) mail_->wake();
}

std::string Backend::metrics() const {
  std::string text = fmt::format(
      "# HELP v2x_backend_info What runs here\n# TYPE v2x_backend_info gauge\n"
      "v2x_backend_info{{version=\"{}\",roles=\"{}\",registry=\"{}\",telemetry=\"{}\"}} 1\n",
      V2X_VERSION, to_string(options_.roles), options_.registry_url().word(), options_.telemetry_url().word());
  if (ingest_) text += ingest::metrics_text(ingest_->counters());
  return text;
}

void Backend::observe_registry() {
  const auto send_commands = [this] {
    core_.commands.wanted();
    if (paced_clock_ && ingest_) ingest_->wake();
  };
  core_.live.on_watch(send_commands);
  core_.registry.on_commit([this, send_commands](const std::vector<service::Happening>& happenings) {
    if (std::any_of(happenings.begin(), happenings.end(), [](const auto& one) { return one.what == "command"; }))
      send_commands();
    if (stepped_clock_) {
      happenings_.add(stepped_clock_->now(), happenings);
      stepped_duties_.changed();
    } else {
      wake_duties();
    }
  });
}

void Backend::start() {
  if (paced_clock_) {
    core_.offline_duty.came_up(paced_clock_->now());
    if (ingest_) ingest_thread_ = named_thread("ingest", [this] { ingest_->run(); });
    if (timers_) timers_->start();
    if (mail_) mail_->start();
  }
  if (web_) web_->start();
  if (control_) control_thread_ = named_thread("control", [this] { serve_control(); });
}

void Backend::stop() {
  stopping_ = true;
  metrics_.reset();
  if (web_) web_->stop();
  core_.outbox_duty.stop();
  if (ingest_thread_.joinable()) {
    ingest_->stop();
    ingest_thread_.join();
  }
  if (control_thread_.joinable()) control_thread_.join();
  mail_.reset();
  timers_.reset();
}

void Backend::serve_control() {
  while (!stopping_) control_->serve(kControlPoll);
}

std::vector<std::string> Backend::listeners() const {
  std::vector<std::string> lines;
  if (web_) lines.push_back(fmt::format("sites http://{}:{}/", options_.listen, web_->port()));
  if (ingest_) lines.push_back(fmt::format("telemetry {}, server key {}", ingest_->endpoint(), keys_.public_key));
  if (metrics_) lines.push_back(fmt::format("metrics http://127.0.0.1:{}/metrics", metrics_->port()));
  if (control_) lines.push_back("control " + options_.control);
  return lines;
}

void Backend::add_verbs() {
  Json roles = Json::array();
  for (const Role role : options_.roles) roles.push_back(to_string(role));
  Json hello{{"version", V2X_VERSION},
             {"program", "v2x-backend"},
             {"clock", stepped_clock_ ? "stepped" : "realtime"},
             {"http", web_ ? Json(web_->port()) : Json(nullptr)},
             {"telemetry", ingest_ ? Json(port_in(ingest_->endpoint())) : Json(nullptr)},
             {"metrics", metrics_ ? Json(metrics_->port()) : Json(nullptr)},
             {"server_public_key", keys_.public_key},
             {"roles", std::move(roles)},
             {"registry", options_.registry_url().word()},
             {"store", options_.telemetry_url().word()}};
  add_clock_verbs(*control_, {clock(), std::move(hello), stepper_ ? &*stepper_ : nullptr, paced_clock_.get(),
                              [this] { wake_duties(); }});
  add_inspection_verbs(*control_, core_.registry, core_.telemetry, ingest_ ? &ingest_->counters() : nullptr);
}

}  // namespace v2x::app
