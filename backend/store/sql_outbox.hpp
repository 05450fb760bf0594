// The outbox and its decision trail in SQL.
#pragma once

#include <soci/soci.h>

#include "backend/service/mail_texts.hpp"
#include "backend/service/ports/outbox.hpp"
#include "backend/service/registry.hpp"

namespace v2x::store {

class SqlOutbox final : public service::Outbox {
 public:
  SqlOutbox(soci::session& session, const service::Transaction& transaction, const service::MailTexts& texts)
      : session_(session), transaction_(transaction), texts_(texts) {}

  std::optional<std::int64_t> enqueue(const service::OutboxMail& mail) override;
  void note(const std::string& kind, const std::string& cause, const service::Addressee& to,
            service::MailDecision decision, const std::string& reason) override;
  std::optional<Time> next_due() override;
  std::vector<service::DueMail> due(Time now, int limit) override;
  std::vector<service::DueMail> lease(Time now, Time until, int limit) override;
  void finish(const service::DueMail& mail, service::MailDecision decision, const std::string& reply) override;
  void defer(const service::DueMail& mail, Time next, const std::string& reply) override;
  void retry(std::int64_t id) override;
  std::string state(std::int64_t id) override;
  std::vector<service::DueMail> of_cause(const std::string& kind, const std::string& cause) override;
  int count_since(const std::string& kind, const std::string& to, Time from) override;
  std::vector<service::DecisionRow> decisions(std::int64_t after_id) override;
  std::vector<service::DecisionRow> decisions_of(const std::string& kind, const std::string& cause) override;
  void assign(const std::string& kind, const service::Addressee& to) override;
  void forget(const std::string& recipient) override;

 private:
  void trail(std::optional<long long> outbox_id, const service::DecisionRow& row);
  void trail_outcome(const service::DueMail& mail, service::MailDecision decision, const std::string& reply);
  /// Whether the mail's recipient was closed: its address goes as soon as the mail is done.
  bool is_forgotten(long long id);

  soci::session& session_;
  const service::Transaction& transaction_;
  const service::MailTexts& texts_;
};

}  // namespace v2x::store
