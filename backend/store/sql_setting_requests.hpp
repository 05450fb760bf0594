// Requests to gateways about their settings, what is known of them, and their history, in SQL.
#pragma once

#include <soci/soci.h>

#include "backend/service/ports/setting_requests.hpp"

namespace v2x::store {

class SqlSettingRequests final : public service::SettingRequests {
 public:
  explicit SqlSettingRequests(soci::session& session) : session_(session) {}

  std::int64_t add(const service::SettingRequest& request) override;
  std::optional<service::SettingRequest> find(std::int64_t id) override;
  void update(const service::SettingRequest& request) override;
  std::vector<service::SettingRequest> open() override;
  std::vector<service::SettingRequest> open_of(const std::string& gateway_id) override;
  std::optional<Time> next_deadline() override;

  std::optional<service::KnownSettings> known(std::int64_t ownership_id) override;
  void set_known(std::int64_t ownership_id, const service::KnownSettings& known) override;

  void add_change(const service::SettingChange& change) override;
  std::vector<service::SettingChange> changes(std::int64_t ownership_id, int most, int skip) override;
  std::optional<Time> oldest() override;
  void forget_until(Time limit) override;

 private:
  std::vector<service::SettingRequest> where(const std::string& condition, const std::string& value);

  soci::session& session_;
};

}  // namespace v2x::store
