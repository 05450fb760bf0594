// Alarm episodes in SQL.
#pragma once

#include <soci/soci.h>

#include "backend/service/ports/alarms.hpp"

namespace v2x::store {

class SqlAlarms final : public service::Alarms {
 public:
  explicit SqlAlarms(soci::session& session) : session_(session) {}

  std::optional<service::Episode> active(const service::EpisodeKey& key) override;
  std::vector<std::string> with_active(const std::string& code, const std::vector<std::string>& gateway_ids) override;
  std::int64_t add(const service::Episode& episode) override;
  void update(const service::Episode& episode) override;
  std::optional<service::Episode> raised_between(const service::EpisodeKey& key, Time from, Time until) override;
  std::vector<service::Episode> of_cause(const std::string& cause) override;
  std::optional<Time> next_mail_due() override;
  std::vector<service::Episode> mail_due(Time now) override;
  std::optional<Time> next_closing() override;
  std::vector<service::Episode> closing_due(Time now) override;
  std::vector<service::Episode> standing(const std::string& gateway_id, std::int64_t ownership_id) override;
  std::vector<service::Episode> history(const std::string& gateway_id, std::int64_t ownership_id, int limit,
                                        int offset) override;
  std::vector<service::Episode> active_of(std::int64_t ownership_id) override;

 private:
  soci::session& session_;
};

}  // namespace v2x::store
