#include "backend/store/sql_transaction.hpp"

namespace v2x::store {

SqlTransaction::SqlTransaction(soci::session& session, const service::MailTexts& texts)
    : outbox_(session, *this, texts), alarms_(session), marks_(session), inventory_(session), audit_(session, *this) {}

void SqlTransaction::begin(Time now) {
  now_ = now;
  happenings_.clear();
}

}  // namespace v2x::store
