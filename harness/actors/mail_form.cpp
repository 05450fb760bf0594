#include "harness/actors/mail_form.hpp"

#include <fmt/format.h>
#include <gmime/gmime.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

#include "common/jst.hpp"

namespace v2x::actors {
namespace {

constexpr std::string_view kSender = "no-reply@kp-net.com";
constexpr std::string_view kEndOfHeaders = "\r\n\r\n";
constexpr Duration kLongestTried = std::chrono::hours(24);  // MAIL-03

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

Owned<GMimeMessage> parsed(const RawMail& raw) {
  const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(raw.data.data(), raw.data.size()));
  const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  return Owned<GMimeMessage>(g_mime_parser_construct_message(parser.get(), nullptr));
}

std::string header(GMimeMessage* message, const char* name) {
  const char* value = g_mime_object_get_header(GMIME_OBJECT(message), name);
  return value ? value : "";
}

/// The only mailbox of a list; empty when there are none or several.
std::string only_mailbox(InternetAddressList* list) {
  if (!list || internet_address_list_length(list) != 1) return {};
  InternetAddress* one = internet_address_list_get_address(list, 0);
  return INTERNET_ADDRESS_IS_MAILBOX(one) ? internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one)) : "";
}

std::optional<Time> date_of(GMimeMessage* message) {
  GDateTime* date = g_mime_message_get_date(message);
  if (!date) return std::nullopt;
  return Time(std::chrono::seconds(g_date_time_to_unix(date)));
}

/// Headers are ASCII: what is not goes as RFC 2047 says.
bool has_ascii_headers(const RawMail& raw) {
  const size_t end = std::min(raw.data.find(kEndOfHeaders), raw.data.size());
  return std::all_of(raw.data.begin(), raw.data.begin() + static_cast<std::ptrdiff_t>(end),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_plain_utf8(GMimeMessage* message) {
  GMimeObject* body = g_mime_message_get_body(message);
  GMimeContentType* type = body ? g_mime_object_get_content_type(body) : nullptr;
  if (!type || !g_mime_content_type_is_type(type, "text", "plain")) return false;
  const char* charset = g_mime_content_type_get_parameter(type, "charset");
  return charset && g_ascii_strcasecmp(charset, "utf-8") == 0;
}

Status wrong(const char* what, const std::string& found, std::string_view expected) {
  return fail("mail", fmt::format("{} is '{}', expected {}", what, found, expected));
}

}  // namespace

Status check_form(const RawMail& raw, Time arrived) {
  const auto message = parsed(raw);
  if (!message) return fail("mail", "it cannot be parsed");
  if (raw.from != kSender) return wrong("the envelope's sender", raw.from, kSender);
  if (raw.to.size() != 1) return wrong("the number of recipients", std::to_string(raw.to.size()), "1");
  if (const auto from = only_mailbox(g_mime_message_get_from(message.get())); from != kSender)
    return wrong("From", header(message.get(), "From"), kSender);
  if (const auto to = only_mailbox(g_mime_message_get_to(message.get())); to != raw.to.front())
    return wrong("To", header(message.get(), "To"), raw.to.front());
  if (const auto automatic = header(message.get(), "Auto-Submitted"); automatic != "auto-generated")
    return wrong("Auto-Submitted", automatic, "auto-generated");
  if (!has_ascii_headers(raw)) return fail("mail", "a header is not ASCII, expected RFC 2047");
  if (!is_plain_utf8(message.get()))
    return wrong("Content-Type", header(message.get(), "Content-Type"), "text/plain; charset=utf-8");
  const auto date = date_of(message.get());
  if (!date || *date > arrived || *date < arrived - kLongestTried - std::chrono::seconds(1))
    return wrong("Date", header(message.get(), "Date"), "at most 24 h before " + format_time(arrived));
  return done();
}

}  // namespace v2x::actors
