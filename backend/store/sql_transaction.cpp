#include "backend/store/sql_transaction.hpp"

namespace v2x::store {

SqlTransaction::SqlTransaction(soci::session& session, const service::MailTexts& texts)
    : outbox_(session, *this, texts),
      alarms_(session),
      marks_(session),
      inventory_(session),
      audiences_(session),
      audit_(session, *this),
      attempts_(session, *this),
      accounts_(session, *this),
      registrations_(session, *this),
      mail_requests_(session, *this),
      tokens_(session, *this),
      sessions_(session),
      drafts_(session, *this),
      gateways_(session, *this),
      links_(session, *this),
      contacts_(session, *this),
      published_terms_(session),
      tariffs_(session),
      setting_requests_(session),
      ai_controls_(session) {}

void SqlTransaction::begin(Time now) {
  now_ = now;
  happenings_.clear();
}

}  // namespace v2x::store
