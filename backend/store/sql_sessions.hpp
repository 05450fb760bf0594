// Web sessions and wizards' drafts in SQL.
#pragma once

#include <soci/soci.h>

#include "backend/service/ports/drafts.hpp"
#include "backend/service/ports/sessions.hpp"
#include "backend/service/registry.hpp"

namespace v2x::store {

class SqlSessions final : public service::Sessions {
 public:
  explicit SqlSessions(soci::session& session) : session_(session) {}

  std::optional<service::WebSession> find(const std::string& hash) override;
  void add(const service::WebSession& session) override;
  void seen(const std::string& hash, Time at) override;
  void remove(const std::string& hash) override;
  void remove_of_account(std::int64_t account_id) override;
  void remove_started_before(const std::string& site, Time limit) override;

 private:
  soci::session& session_;
};

class SqlDrafts final : public service::Drafts {
 public:
  SqlDrafts(soci::session& session, const service::Transaction& transaction)
      : session_(session), transaction_(transaction) {}

  std::optional<service::Draft> find(const service::DraftKey& key) override;
  void put(const service::DraftKey& key, const service::Draft& draft, Time expires) override;
  void remove(const service::DraftKey& key) override;

 private:
  soci::session& session_;
  const service::Transaction& transaction_;
};

}  // namespace v2x::store
