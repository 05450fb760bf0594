// The backend without its sockets: stores, rules, duties. Made once per process.
#pragma once

#include <memory>
#include <optional>

#include "backend/app/options.hpp"
#include "backend/app/weather_file.hpp"
#include "backend/ingest/commands.hpp"
#include "backend/mail/smtp.hpp"
#include "backend/mail/template_texts.hpp"
#include "backend/service/ai_duty.hpp"
#include "backend/service/alarm_duties.hpp"
#include "backend/service/half_hour_duty.hpp"
#include "backend/service/live_samples.hpp"
#include "backend/service/mail_request_duty.hpp"
#include "backend/service/monitoring.hpp"
#include "backend/service/outbox_duty.hpp"
#include "backend/service/retention_duty.hpp"
#include "backend/service/setting_exchange.hpp"
#include "backend/store/open.hpp"
#include "common/resources.hpp"
#include "contracts/fault_catalogue.hpp"

namespace v2x::app {

struct Core {
  /// Opens the stores that the options name. Throws BadInput when that fails. `clock` must outlive it.
  Core(const BackendOptions& options, const Clock& clock)
      : settings{.bases = options.bases},
        offline{std::chrono::minutes(options.offline_after_min)},
        texts(resource("mail"), settings.bases),
        faults(contracts::FaultCatalogue::load()),
        opened_registry(
            store::open_registry({options.registry_url(), durability(options), resource("migrations")}, clock, texts)),
        opened_telemetry(store::open_telemetry(options.telemetry_url(), durability(options))),
        transport({options.smtp, mail_io_timeout(options)}),
        monitoring(registry, telemetry, faults, clock),
        weather(options.weather_file()),
        live(clock),
        half_hour_duty(telemetry, clock),
        outbox_duty(registry, transport, mail_lease(options)) {}

  /// A stepped clock is for tests: they kill processes, but pull no plugs.
  static store::Durability durability(const BackendOptions& options) {
    return options.stepped ? store::Durability::normal : store::Durability::full;
  }

  static std::chrono::milliseconds mail_io_timeout(const BackendOptions& options) {
    return std::chrono::milliseconds(static_cast<int>(options.mail_io_timeout_s * 1000));
  }
  /// While one process sends a mail, the others leave it alone; nobody else's outbox needs none.
  static std::optional<Duration> mail_lease(const BackendOptions& options) {
    constexpr Duration kForTheRest = std::chrono::minutes(1);  // a commit that waits for a standby
    if (!options.shares_registry() || options.stepped) return std::nullopt;
    return mail_io_timeout(options) + kForTheRest;
  }

  service::Settings settings;  ///< its bases are completed when the ports are known, before anything runs
  const service::OfflineSettings offline;
  mail::TemplateTexts texts;
  contracts::FaultCatalogue faults;
  const std::unique_ptr<service::Registry> opened_registry;
  const std::unique_ptr<service::TelemetryStore> opened_telemetry;
  service::Registry& registry = *opened_registry;
  service::TelemetryStore& telemetry = *opened_telemetry;
  service::AlarmService alarms{faults};
  service::AlarmMails alarm_mails{alarms, offline};
  mail::SmtpTransport transport;
  service::MonitoringQueries monitoring;
  WeatherFile weather;
  service::LiveSamples live;
  service::SettingExchange setting_exchange;
  ingest::Commands commands{registry, setting_exchange, live};

  service::AlarmMailDuty alarm_mail_duty{registry, alarm_mails};
  service::AlarmClosingDuty alarm_closing_duty{registry, alarms, alarm_mails};
  service::OfflineDuty offline_duty{registry, alarms, offline};
  service::MailRequestDuty mail_request_duty{registry, settings};
  service::SettingDeadlineDuty setting_deadline_duty{registry, setting_exchange};
  service::AiDuty ai_duty{registry, setting_exchange, weather};
  service::RetentionDuty retention_duty{registry, settings};
  service::HalfHourDuty half_hour_duty;
  service::OutboxDuty outbox_duty;
};

}  // namespace v2x::app
