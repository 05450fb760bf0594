// The way out: one SMTP conversation per mail.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "backend/service/mail_transport.hpp"

namespace v2x::mail {

class SmtpTransport final : public service::MailTransport {
 public:
  struct Options {
    std::string server = "127.0.0.1:1025";         ///< host:port
    std::chrono::milliseconds io_timeout{30'000};  ///< MAIL-03: 30 s; steady time, in lockstep too
  };
  explicit SmtpTransport(Options options);
  ~SmtpTransport() override;

  service::HandoverResult send(const service::DueMail& mail, Time date) override;

 private:
  Options options_;
};

}  // namespace v2x::mail
