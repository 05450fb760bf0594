// A mail as a person reads it: parsed from the wire by GMime.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "harness/actors/smtp_conversation.hpp"

namespace v2x::actors {

struct Mail {
  Time arrived{};          ///< virtual time
  std::string message_id;  ///< without the angle brackets
  std::string kind;        ///< "M-30", from the Message-ID's second part; empty when it has none
  std::string from;        ///< envelope
  std::string to;          ///< envelope
  std::string subject;
  std::string body;    ///< text/plain, UTF-8, lines end in \n
  int copies = 1;      ///< how often this Message-ID came so far
  bool taken = false;  ///< consumed by a step
};

/// Prepares GMime; call it once, before any thread uses parse_mail.
void start_mail_parser();

/// A mail without a readable text part has an empty body.
Mail parse_mail(const RawMail& raw, Time arrived);

/// The first URL of the body that stands on a line of its own; nullopt when there is none.
std::optional<std::string> url_in(const Mail& mail);

}  // namespace v2x::actors
