#include "backend/app/backend.hpp"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>

#include "backend/app/server_keys.hpp"
#include "backend/app/verbs.hpp"
#include "common/jst.hpp"
#include "common/log.hpp"

namespace v2x::app {
namespace {

constexpr std::chrono::milliseconds kControlPoll{100};  // how late a stop may be noticed

/// The data directory exists and holds nothing newer than the clock will show.
Time floor_of(const BackendOptions& options) {
  std::filesystem::create_directories(options.data);
  return store::RegistrySqlite::newest_commit(options.registry_file());
}

std::unique_ptr<SteppedClock> stepped_clock(const BackendOptions& options) {
  if (!options.stepped) return nullptr;
  return std::make_unique<SteppedClock>(std::max(options.clock.start_time(), floor_of(options)));
}

std::unique_ptr<PacedClock> paced_clock(const BackendOptions& options) {
  if (options.stepped) return nullptr;
  return std::make_unique<PacedClock>(options.clock.realtime(), floor_of(options));
}

ingest::ServerOptions ingest_options(const BackendOptions& options, const CurveKeyPair& keys) {
  ingest::ServerOptions result;
  const std::string port = options.telemetry_port == 0 ? "*" : std::to_string(options.telemetry_port);
  result.endpoint = fmt::format("tcp://{}:{}", options.listen, port);
  result.keys = keys;
  return result;
}

web::ServerOptions web_options(const BackendOptions& options) {
  return {options.listen, options.http_port, options.trusted_proxies, resource("web")};
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
      ingest_(context_, ingest_options(options_, keys_), core_.registry, core_.telemetry, core_.alarms, core_.commands),
      web_(web_options(options_), {core_.settings, core_.registry, core_.monitoring, core_.alarms,
                                   core_.setting_exchange, core_.live, clock()}),
      stepped_duties_({&core_.alarm_mail_duty, &core_.alarm_closing_duty, &core_.offline_duty, &core_.mail_request_duty,
                       &core_.setting_deadline_duty, &core_.ai_duty, &core_.retention_duty, &core_.half_hour_duty, &core_.outbox_duty}) {
  log::start("v2x-backend", clock());
  web::fill_missing_bases(core_.settings.bases, web_.port());
  if (stepped_clock_) {
    stepper_.emplace(*stepped_clock_, stepped_duties_, ingest_, happenings_,
                     [this](Time t) { core_.offline_duty.came_up(t); });
  } else {
    timers_.emplace("timers",
                    std::vector<service::Duty*>{&core_.alarm_mail_duty, &core_.alarm_closing_duty, &core_.offline_duty,
                                                &core_.mail_request_duty, &core_.setting_deadline_duty, &core_.ai_duty,
                                                &core_.retention_duty, &core_.half_hour_duty},
                    *paced_clock_);
    mail_.emplace("mail", std::vector<service::Duty*>{&core_.outbox_duty}, *paced_clock_);
  }
  observe_registry();
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

void Backend::observe_registry() {
  const auto send_commands = [this] {
    core_.commands.wanted();
    if (paced_clock_) ingest_.wake();
  };
  core_.live.on_watch(send_commands);
  core_.registry.on_commit([this, send_commands](const std::vector<service::Happening>& happenings) {
    if (std::any_of(happenings.begin(), happenings.end(), [](const auto& one) { return one.what == "command"; }))
      send_commands();
    if (stepped_clock_) {
      happenings_.add(stepped_clock_->now(), happenings);
      stepped_duties_.changed();
    } else {
      timers_->wake();
      mail_->wake();
    }
  });
}

void Backend::start() {
  if (paced_clock_) {
    core_.offline_duty.came_up(paced_clock_->now());
    ingest_thread_ = named_thread("ingest", [this] { ingest_.run(); });
    timers_->start();
    mail_->start();
  }
  web_.start();
  if (control_) control_thread_ = named_thread("control", [this] { serve_control(); });
}

void Backend::stop() {
  stopping_ = true;
  web_.stop();
  core_.outbox_duty.stop();
  if (ingest_thread_.joinable()) {
    ingest_.stop();
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
  std::vector<std::string> lines{fmt::format("sites http://{}:{}/", options_.listen, web_.port()),
                                 fmt::format("telemetry {}, server key {}", ingest_.endpoint(), keys_.public_key)};
  if (control_) lines.push_back("control " + options_.control);
  return lines;
}

void Backend::add_verbs() {
  const std::string endpoint = ingest_.endpoint();
  Json hello{{"version", V2X_VERSION},
             {"program", "v2x-backend"},
             {"clock", stepped_clock_ ? "stepped" : "realtime"},
             {"http", web_.port()},
             {"telemetry", std::stoi(endpoint.substr(endpoint.rfind(':') + 1))},
             {"server_public_key", keys_.public_key},
             {"roles", {"ingest", "web", "mail", "timers"}},
             {"store", "sqlite"}};
  add_clock_verbs(*control_, {clock(), std::move(hello), stepper_ ? &*stepper_ : nullptr, paced_clock_.get(), [this] {
                                timers_->wake();
                                mail_->wake();
                              }});
  add_inspection_verbs(*control_, core_.registry, core_.telemetry, ingest_.counters());
}

}  // namespace v2x::app
