// Hands due mails to the transport and notes what came of it (MAIL-01, MAIL-03, MAIL-04).
#pragma once

#include <atomic>
#include <optional>
#include <vector>

#include "backend/service/duty.hpp"
#include "backend/service/mail_transport.hpp"
#include "backend/service/registry.hpp"

namespace v2x::service {

/// At least once, almost exactly once: a crash between the server's "250" and our commit sends the same Message-ID
/// again. Run by one thread.
class OutboxDuty final : public Duty {
 public:
  /// `lease`: other processes send from this outbox, too; longer than a mail may take. None: nobody else does.
  OutboxDuty(Registry& registry, MailTransport& transport, std::optional<Duration> lease = {})
      : registry_(registry), transport_(transport), lease_(lease) {}
  std::optional<Time> next_due() override;
  void run(Time now) override;
  /// A run stops after the mail that it is sending. Thread-safe.
  void stop() { stopping_ = true; }

 private:
  std::vector<DueMail> take_due(Time now);
  void deliver(const DueMail& mail, Time now);
  void note(const DueMail& mail, Time now, const HandoverResult& result);
  static void write_down(Transaction& transaction, const DueMail& mail, Time now, const HandoverResult& result);

  Registry& registry_;
  MailTransport& transport_;
  const std::optional<Duration> lease_;
  std::atomic<bool> stopping_{false};
};

/// When to try again after the `attempts`-th failure of a mail; nullopt: given up (MAIL-03).
std::optional<Time> next_attempt(const DueMail& mail, int attempts, Time now);

}  // namespace v2x::service
