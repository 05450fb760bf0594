// What people asked for and will be answered by mail, whoever they are: a duty decides what to send (SEC-06).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "backend/model/account.hpp"
#include "backend/service/form.hpp"
#include "common/clock.hpp"

namespace v2x::service {

/// The word is stored.
enum class RequestKind {
  registration,  ///< REG-21, REG-27; form: all that was entered
  resend,        ///< REG-26; form: mail
  reset,         ///< AUTH-10; form: loginid
  dealer_id,     ///< D11; form: mail, tel
};
std::string to_string(RequestKind kind);
RequestKind request_kind(const std::string& word);

struct MailRequest {
  std::int64_t id = 0;
  RequestKind kind = RequestKind::registration;
  model::AccountKind account_kind = model::AccountKind::customer;
  Form form{};
  Time made{};
};

class MailRequests {
 public:
  virtual ~MailRequests() = default;
  /// Made now.
  virtual void add(RequestKind kind, model::AccountKind account_kind, const Form& form) = 0;
  virtual std::optional<MailRequest> oldest() = 0;
  virtual void remove(std::int64_t id) = 0;
};

}  // namespace v2x::service
