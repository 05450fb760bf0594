// The texts of the mails, as a port (backend/mail fills its template files), and how mails write dates.
#pragma once

#include <string>

#include "backend/service/ports/outbox.hpp"
#include "common/jst.hpp"

namespace v2x::service {

struct MailText {
  std::string subject;
  std::string body;
};

/// Thread-safe. Aborts on an unknown kind or a field that the template needs and the mail lacks: both are our bugs.
class MailTexts {
 public:
  virtual ~MailTexts() = default;
  virtual MailText render(const OutboxMail& mail) const = 0;
};

/// 「2019 年 6 月 24 日」
inline std::string mail_date(Time t) {
  return format_jst(t, "%Y 年 %-m 月 %-d 日");
}
/// 「2020/07/07 12:07」
inline std::string mail_time(Time t) {
  return format_jst(t, "%Y/%m/%d %H:%M");
}

}  // namespace v2x::service
