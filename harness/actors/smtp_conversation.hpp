// One SMTP conversation, seen from the server: bytes in, replies out, whole mails as they end.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/actors/smtp_conduct.hpp"

namespace v2x::actors {

/// A mail as it came over the wire.
struct RawMail {
  std::string from;
  std::vector<std::string> to;
  std::string data;  ///< dots unstuffed, lines end in CRLF
};

/// RFC 5321: HELO, EHLO, MAIL, RCPT, DATA, RSET, NOOP, VRFY, QUIT, with pipelining. Accepts every address that its
/// conduct lets through. Pure: no socket.
class SmtpConversation {
 public:
  /// `conduct` is shared by all conversations of a sink and outlives them.
  explicit SmtpConversation(SmtpConduct& conduct) : conduct_(conduct) {}

  static std::string greeting();

  /// Takes in what came and returns what to send back.
  std::string feed(std::string_view bytes);
  /// The mails that were accepted since the last call.
  std::vector<RawMail> take();
  bool over() const { return over_; }

 private:
  std::string command(const std::string& line);
  std::string data_line(const std::string& line);
  std::string recipient(const std::string& address);

  SmtpConduct& conduct_;
  std::string pending_;  ///< an unfinished line
  bool in_data_ = false;
  bool in_mail_ = false;  ///< MAIL was accepted
  bool over_ = false;
  RawMail mail_;
  std::vector<RawMail> accepted_;
};

}  // namespace v2x::actors
