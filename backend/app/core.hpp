// The backend without its sockets: stores, rules, duties. Made once per process.
#pragma once

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
#include "backend/store/registry_sqlite.hpp"
#include "backend/store/telemetry_sqlite.hpp"
#include "common/resources.hpp"
#include "contracts/fault_catalogue.hpp"

namespace v2x::app {

struct Core {
  /// Opens the stores in options.data. Throws BadInput when that fails. `clock` must outlive it.
  Core(const BackendOptions& options, const Clock& clock)
      : settings{.bases = options.bases},
        texts(resource("mail"), settings.bases),
        faults(contracts::FaultCatalogue::load()),
        registry({options.registry_file(), durability(options), resource("migrations")}, clock, texts),
        telemetry(options.telemetry_file(), durability(options)),
        transport({options.smtp, std::chrono::milliseconds(static_cast<int>(options.mail_io_timeout_s * 1000))}),
        monitoring(registry, telemetry, faults, clock),
        weather(options.weather_file()),
        live(clock),
        half_hour_duty(telemetry, clock) {}

  /// A stepped clock is for tests: they kill processes, but pull no plugs.
  static store::Durability durability(const BackendOptions& options) {
    return options.stepped ? store::Durability::normal : store::Durability::full;
  }

  service::Settings settings;  ///< its bases are completed when the ports are known, before anything runs
  mail::TemplateTexts texts;
  contracts::FaultCatalogue faults;
  store::RegistrySqlite registry;
  store::TelemetrySqlite telemetry;
  service::AlarmService alarms{faults};
  service::AlarmMails alarm_mails{alarms, {}};
  mail::SmtpTransport transport;
  service::MonitoringQueries monitoring;
  WeatherFile weather;
  service::LiveSamples live;
  service::SettingExchange setting_exchange;
  ingest::Commands commands{registry, setting_exchange, live};

  service::AlarmMailDuty alarm_mail_duty{registry, alarm_mails};
  service::AlarmClosingDuty alarm_closing_duty{registry, alarms, alarm_mails};
  service::OfflineDuty offline_duty{registry, alarms, {}};
  service::MailRequestDuty mail_request_duty{registry, settings};
  service::SettingDeadlineDuty setting_deadline_duty{registry, setting_exchange};
  service::AiDuty ai_duty{registry, setting_exchange, weather};
  service::RetentionDuty retention_duty{registry, settings};
  service::HalfHourDuty half_hour_duty;
  service::OutboxDuty outbox_duty{registry, transport};
};

}  // namespace v2x::app
