// Everything that pages need: use cases, templates, texts, settings. One per server, shared by its threads.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "backend/service/access.hpp"
#include "backend/service/account_care.hpp"
#include "backend/service/ai_settings.hpp"
#include "backend/service/alarm_service.hpp"
#include "backend/service/claiming.hpp"
#include "backend/service/device_settings.hpp"
#include "backend/service/economy.hpp"
#include "backend/service/gateway_history.hpp"
#include "backend/service/linking.hpp"
#include "backend/service/live_samples.hpp"
#include "backend/service/maintenance.hpp"
#include "backend/service/maintenance_contacts.hpp"
#include "backend/service/monitoring.hpp"
#include "backend/service/password_care.hpp"
#include "backend/service/passwords.hpp"
#include "backend/service/profile_editing.hpp"
#include "backend/service/registration.hpp"
#include "backend/service/releasing.hpp"
#include "backend/service/settings.hpp"
#include "backend/service/site_editing.hpp"
#include "backend/service/terms.hpp"
#include "backend/service/unlinking.hpp"
#include "backend/web/services.hpp"
#include "backend/web/templates.hpp"

namespace v2x::web {

struct StaticFile {
  std::string content_type;
  std::string body;
};

struct App {
  /// `files` is the directory that holds templates/, static/ and texts/. Throws BadInput when something is missing.
  App(const Services& services, const std::filesystem::path& files);

  const service::Settings& settings;
  service::Registry& registry;
  const service::MonitoringQueries& monitoring;
  service::LiveSamples& live;
  const Clock& clock;
  const Templates templates;
  const service::Terms terms;
  const std::vector<std::string> campaign;               ///< paragraphs of R01
  const std::vector<std::string> manual;                 ///< paragraphs of /manual
  const std::map<std::string, StaticFile> static_files;  ///< by path
  const std::string openapi;                             ///< the description of the API, JSON

  service::Passwords passwords;
  service::Access access;
  service::Registration customers;
  service::Registration dealers;
  service::PasswordCare password_care;
  service::ProfileEditing profile;
  service::AccountCare account_care;
  service::Claiming claiming;
  service::Linking linking;
  service::Unlinking unlinking;
  service::SiteEditing site_editing;
  service::Releasing releasing;
  service::Maintenance maintenance;
  service::MaintenanceContacts contacts;
  service::GatewayHistory history;
  service::Economy economy;
  service::DeviceSettings device_settings;
  service::AiSettings ai;
};

}  // namespace v2x::web
