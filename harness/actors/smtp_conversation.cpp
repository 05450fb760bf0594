#include "harness/actors/smtp_conversation.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace v2x::actors {
namespace {

constexpr size_t kMaxLine = 64 * 1024;  // far over RFC 5321's 1000: the sink is no judge of line lengths

std::string upper(std::string word) {
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return word;
}

/// "FROM:<a@b> SIZE=3" → a@b.
std::string address(const std::string& argument) {
  const auto open = argument.find('<');
  const auto close = argument.find('>', open);
  if (open == std::string::npos || close == std::string::npos) return {};
  return argument.substr(open + 1, close - open - 1);
}

}  // namespace

std::string SmtpConversation::greeting() {
  return "220 v2x mail sink\r\n";
}

std::string SmtpConversation::feed(std::string_view bytes) {
  std::string replies;
  pending_ += bytes;
  for (size_t end = pending_.find("\r\n"); end != std::string::npos && !over_; end = pending_.find("\r\n")) {
    const std::string line = pending_.substr(0, end);
    pending_.erase(0, end + 2);
    replies += in_data_ ? data_line(line) : command(line);
  }
  if (pending_.size() <= kMaxLine) return replies;
  over_ = true;
  return replies + "500 line too long\r\n";
}

std::vector<RawMail> SmtpConversation::take() {
  return std::exchange(accepted_, {});
}

std::string SmtpConversation::data_line(const std::string& line) {
  if (line != ".") {
    mail_.data += line.empty() || line.front() != '.' ? line : line.substr(1);
    mail_.data += "\r\n";
    return {};
  }
  over_ = conduct_.meets(SmtpKind::drop_after_data, mail_.to);
  accepted_.push_back(std::exchange(mail_, {}));
  in_data_ = in_mail_ = false;
  return over_ ? "" : "250 kept\r\n";
}

std::string SmtpConversation::recipient(const std::string& address) {
  if (address.empty()) return "501 expected TO:<address>\r\n";
  if (conduct_.meets(SmtpKind::refuse_4xx, {address})) return "450 mailbox busy, try later\r\n";
  if (conduct_.meets(SmtpKind::refuse_5xx, {address})) return "550 no such mailbox\r\n";
  mail_.to.push_back(address);
  return "250 ok\r\n";
}

std::string SmtpConversation::command(const std::string& line) {
  const auto space = line.find(' ');
  const std::string word = upper(line.substr(0, space));
  const std::string rest = space == std::string::npos ? "" : line.substr(space + 1);
  if (word == "EHLO") return "250-v2x mail sink\r\n250 8BITMIME\r\n";
  if (word == "HELO") return "250 v2x mail sink\r\n";
  if (word == "NOOP") return "250 ok\r\n";
  if (word == "VRFY") return "252 cannot say\r\n";
  if (word == "QUIT") {
    over_ = true;
    return "221 bye\r\n";
  }
  if (word == "RSET") {
    mail_ = {};
    in_mail_ = false;
    return "250 ok\r\n";
  }
  if (word == "MAIL") {
    if (in_mail_) return "503 a mail is open already\r\n";
    mail_ = {};
    mail_.from = address(rest);
    in_mail_ = true;
    return "250 ok\r\n";
  }
  if (word == "RCPT") {
    if (!in_mail_) return "503 MAIL comes first\r\n";
    return recipient(address(rest));
  }
  if (word == "DATA") {
    if (mail_.to.empty()) return "503 RCPT comes first\r\n";
    in_data_ = true;
    return "354 end with a dot\r\n";
  }
  return "502 unknown command\r\n";
}

}  // namespace v2x::actors
