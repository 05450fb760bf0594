// How a mail leaves the house, as a port: backend/mail speaks SMTP.
#pragma once

#include <string>

#include "backend/service/ports/outbox.hpp"

namespace v2x::service {

enum class Handover {
  accepted,   ///< the server has taken responsibility
  temporary,  ///< 4xx, refused connection, time-out: try again
  permanent,  ///< 5xx: never
};

struct HandoverResult {
  Handover handover = Handover::temporary;
  std::string reply;  ///< the server's last line, or why there was none
};

/// One thread at a time.
class MailTransport {
 public:
  virtual ~MailTransport() = default;
  /// Sends one message to one recipient; `date` becomes its Date.
  virtual HandoverResult send(const DueMail& mail, Time date) = 0;
};

}  // namespace v2x::service
