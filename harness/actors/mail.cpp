#include "harness/actors/mail.hpp"

#include <gmime/gmime.h>

#include <sstream>

namespace v2x::actors {
namespace {

std::string text(const char* value) {
  return value ? value : "";
}

/// "12.M-30@kp-net.com" → "M-30".
std::string kind_of(const std::string& message_id) {
  const auto dot = message_id.find('.');
  const auto at = message_id.find('@');
  if (dot == std::string::npos || at == std::string::npos || at < dot) return {};
  return message_id.substr(dot + 1, at - dot - 1);
}

std::string without_cr(const std::string& raw) {
  std::string out;
  for (const char c : raw)
    if (c != '\r') out += c;
  return out;
}

void read_headers(GMimeMessage* message, Mail& mail) {
  mail.message_id = text(g_mime_message_get_message_id(message));
  mail.kind = kind_of(mail.message_id);
  mail.subject = text(g_mime_message_get_subject(message));
}

void read_body(GMimeMessage* message, Mail& mail) {
  GMimeObject* body = g_mime_message_get_body(message);
  if (!body || !GMIME_IS_TEXT_PART(body)) return;
  char* content = g_mime_text_part_get_text(GMIME_TEXT_PART(body));
  mail.body = without_cr(text(content));
  g_free(content);
}

}  // namespace

void start_mail_parser() {
  g_mime_init();
}

Mail parse_mail(const RawMail& raw, Time arrived) {
  Mail mail;
  mail.arrived = arrived;
  mail.from = raw.from;
  mail.to = raw.to.empty() ? "" : raw.to.front();
  GMimeStream* stream = g_mime_stream_mem_new_with_buffer(raw.data.data(), raw.data.size());
  GMimeParser* parser = g_mime_parser_new_with_stream(stream);
  g_object_unref(stream);
  if (GMimeMessage* message = g_mime_parser_construct_message(parser, nullptr)) {
    read_headers(message, mail);
    read_body(message, mail);
    g_object_unref(message);
  }
  g_object_unref(parser);
  return mail;
}

std::optional<std::string> url_in(const Mail& mail) {
  std::istringstream lines(mail.body);
  for (std::string line; std::getline(lines, line);)
    if (line.rfind("http://", 0) == 0 || line.rfind("https://", 0) == 0) return line;
  return std::nullopt;
}

}  // namespace v2x::actors
