// The texts of the mails, as a port: backend/mail fills its template files.
#pragma once

#include <string>

#include "backend/service/ports/outbox.hpp"

namespace v2x::service {

struct MailText {
  std::string subject;
  std::string body;
};

/// Thread-safe. Aborts on an unknown kind or a field that the template names and the mail lacks: both are our bugs.
class MailTexts {
 public:
  virtual ~MailTexts() = default;
  virtual MailText render(const OutboxMail& mail) const = 0;
};

}  // namespace v2x::service
