// A registry connection as a Transaction: hands out the SQL repositories that share its session.
#pragma once

#include <soci/soci.h>

#include <vector>

#include "backend/service/mail_texts.hpp"
#include "backend/service/registry.hpp"
#include "backend/store/sql_accounts.hpp"
#include "backend/store/sql_ai_controls.hpp"
#include "backend/store/sql_alarms.hpp"
#include "backend/store/sql_attempts.hpp"
#include "backend/store/sql_audiences.hpp"
#include "backend/store/sql_audit.hpp"
#include "backend/store/sql_contacts.hpp"
#include "backend/store/sql_gateways.hpp"
#include "backend/store/sql_inventory.hpp"
#include "backend/store/sql_mail_requests.hpp"
#include "backend/store/sql_marks.hpp"
#include "backend/store/sql_outbox.hpp"
#include "backend/store/sql_published_terms.hpp"
#include "backend/store/sql_registrations.hpp"
#include "backend/store/sql_sessions.hpp"
#include "backend/store/sql_tariffs.hpp"
#include "backend/store/sql_setting_requests.hpp"
#include "backend/store/sql_tokens.hpp"

namespace v2x::store {

/// One per connection, reused from transaction to transaction; used by one thread at a time.
class SqlTransaction final : public service::Transaction {
 public:
  SqlTransaction(soci::session& session, const service::MailTexts& texts);

  /// To be called when a transaction begins: sets its time.
  void begin(Time now);
  std::vector<service::Happening> take_happenings() { return std::move(happenings_); }

  Time now() const override { return now_; }
  void happened(service::Happening happening) override { happenings_.push_back(std::move(happening)); }
  service::Outbox& outbox() override { return outbox_; }
  service::Alarms& alarms() override { return alarms_; }
  service::Marks& marks() override { return marks_; }
  service::Inventory& inventory() override { return inventory_; }
  service::Audiences& audiences() override { return audiences_; }
  service::Audit& audit() override { return audit_; }
  service::Attempts& attempts() override { return attempts_; }

  service::Accounts& accounts() override { return accounts_; }
  service::Registrations& registrations() override { return registrations_; }
  service::MailRequests& mail_requests() override { return mail_requests_; }
  service::Tokens& tokens() override { return tokens_; }
  service::Sessions& sessions() override { return sessions_; }
  service::Drafts& drafts() override { return drafts_; }
  service::Gateways& gateways() override { return gateways_; }
  service::Links& links() override { return links_; }
  service::Contacts& contacts() override { return contacts_; }
  service::PublishedTerms& published_terms() override { return published_terms_; }
  service::Tariffs& tariffs() override { return tariffs_; }
  service::SettingRequests& setting_requests() override { return setting_requests_; }
  service::AiControls& ai_controls() override { return ai_controls_; }

 private:
  Time now_{};
  std::vector<service::Happening> happenings_;
  SqlOutbox outbox_;
  SqlAlarms alarms_;
  SqlMarks marks_;
  SqlInventory inventory_;
  SqlAudiences audiences_;
  SqlAudit audit_;
  SqlAttempts attempts_;
  SqlAccounts accounts_;
  SqlRegistrations registrations_;
  SqlMailRequests mail_requests_;
  SqlTokens tokens_;
  SqlSessions sessions_;
  SqlDrafts drafts_;
  SqlGateways gateways_;
  SqlLinks links_;
  SqlContacts contacts_;
  SqlPublishedTerms published_terms_;
  SqlTariffs tariffs_;
  SqlSettingRequests setting_requests_;
  SqlAiControls ai_controls_;
};

}  // namespace v2x::store
