#include "backend/mail/message.hpp"

#include <gmime/gmime.h>

#include <memory>
#include <mutex>

namespace v2x::mail {
namespace {

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

struct DateUnref {
  void operator()(GDateTime* date) const { g_date_time_unref(date); }
};

void set_date(GMimeMessage* message, Time date) {
  constexpr gint kJstSeconds = 9 * 3600;
  GTimeZone* jst = g_time_zone_new_offset(kJstSeconds);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(date).time_since_epoch().count();
  const std::unique_ptr<GDateTime, DateUnref> utc(g_date_time_new_from_unix_utc(seconds));
  const std::unique_ptr<GDateTime, DateUnref> local(g_date_time_to_timezone(utc.get(), jst));
  g_time_zone_unref(jst);
  g_mime_message_set_date(message, local.get());
}

Owned<GMimeTextPart> text_part(const std::string& body) {
  Owned<GMimeTextPart> part(g_mime_text_part_new_with_subtype("plain"));
  g_mime_text_part_set_charset(part.get(), "utf-8");
  g_mime_text_part_set_text(part.get(), body.c_str());
  g_mime_part_set_content_encoding(GMIME_PART(part.get()), GMIME_CONTENT_ENCODING_BASE64);
  return part;
}

std::string to_text(GMimeMessage* message) {
  GMimeFormatOptions* format = g_mime_format_options_new();
  g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
  char* text = g_mime_object_to_string(GMIME_OBJECT(message), format);
  std::string result(text);
  g_free(text);
  g_mime_format_options_free(format);
  return result;
}

}  // namespace

std::string make_message(const service::DueMail& mail, Time date) {
  static std::once_flag initialised;
  std::call_once(initialised, [] { g_mime_init(); });

  const Owned<GMimeMessage> message(g_mime_message_new(TRUE));
  g_mime_message_add_mailbox(message.get(), GMIME_ADDRESS_TYPE_FROM, nullptr, kSender);
  g_mime_message_add_mailbox(message.get(), GMIME_ADDRESS_TYPE_TO, nullptr, mail.to.c_str());
  g_mime_message_set_subject(message.get(), mail.subject.c_str(), "utf-8");
  set_date(message.get(), date);
  const std::string id = mail.message_id.substr(1, mail.message_id.size() - 2);  // GMime adds the brackets
  g_mime_message_set_message_id(message.get(), id.c_str());
  g_mime_object_set_header(GMIME_OBJECT(message.get()), "Auto-Submitted", "auto-generated", nullptr);
  g_mime_message_set_mime_part(message.get(), GMIME_OBJECT(text_part(mail.body).get()));
  return to_text(message.get());
}

}  // namespace v2x::mail
