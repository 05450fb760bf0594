// An outbox row as an Internet message (MAIL-02).
#pragma once

#include <string>

#include "backend/service/ports/outbox.hpp"

namespace v2x::mail {

inline constexpr auto kSender = "no-reply@kp-net.com";

/// text/plain UTF-8 in base64, RFC 2047 subject, CRLF line ends.
std::string make_message(const service::DueMail& mail, Time date);

}  // namespace v2x::mail
