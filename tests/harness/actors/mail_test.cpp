// Mails as people read them.
#include "harness/actors/mail.hpp"

#include <gtest/gtest.h>

namespace v2x::actors {
namespace {

Mail parse(const std::string& data) {
  start_mail_parser();
  return parse_mail({"no-reply@kp-net.com", {"hanako@example.jp"}, data}, Time(Duration(1)));
}

TEST(Mail, ReadsSubjectBodyAndKind) {
  const Mail mail = parse(
      "From: no-reply@kp-net.com\r\nTo: hanako@example.jp\r\nMessage-ID: <12.M-01d@kp-net.com>\r\n"
      "Subject: =?utf-8?B?44CQ44Ki44Kr44Km44Oz44OI5Luu55m76Yyy44CR?=\r\nMIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
      "5b6h5a6kIOiKseWtkCDmp5gKCmh0dHA6Ly8xMjcuMC4wLjE6ODA4MC9yZWcvYWNjb3VudC9tYWluUmVnaXN0P2lkPWFiYwo=\r\n");
  EXPECT_EQ(mail.message_id, "12.M-01d@kp-net.com");
  EXPECT_EQ(mail.kind, "M-01d");
  EXPECT_EQ(mail.subject, "【アカウント仮登録】");
  EXPECT_EQ(mail.body, "御室 花子 様\n\nhttp://127.0.0.1:8080/reg/account/mainRegist?id=abc\n");
  EXPECT_EQ(url_in(mail), "http://127.0.0.1:8080/reg/account/mainRegist?id=abc");
  EXPECT_EQ(mail.to, "hanako@example.jp");
}

TEST(Mail, WithoutAKindOrAUrlHasNone) {
  const Mail mail = parse("Message-ID: <plain@example.jp>\r\nSubject: x\r\n\r\nsee https://example.jp here\r\n");
  EXPECT_EQ(mail.kind, "");
  EXPECT_EQ(url_in(mail), std::nullopt);
}

}  // namespace
}  // namespace v2x::actors
