// Mails as people read them.
#include "harness/actors/mail.hpp"

#include <gtest/gtest.h>

#include <string>

#include "common/jst.hpp"
#include "harness/actors/mail_form.hpp"

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

struct Form {
  const char* part;     ///< of the good mail
  const char* instead;  ///< what a bad one has there
  const char* found;    ///< in the Error
};

class MailForm : public ::testing::TestWithParam<Form> {};

const std::string kGood =
    "From: no-reply@kp-net.com\r\nTo: hanako@example.jp\r\nMessage-ID: <12.M-01@kp-net.com>\r\n"
    "Subject: =?utf-8?B?44CQ?=\r\nDate: Wed, 01 Apr 2026 12:00:00 +0900\r\nAuto-Submitted: auto-generated\r\n"
    "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nx\r\n";

Status form_of(const std::string& data) {
  start_mail_parser();
  return check_form({"no-reply@kp-net.com", {"hanako@example.jp"}, data},
                    parse_time("2026-04-01T12:00:00+09:00").value());
}

TEST_P(MailForm, WhatIsWrongIsSaid) {
  std::string bad = kGood;
  const std::string part = GetParam().part;
  bad.replace(bad.find(part), part.size(), GetParam().instead);
  const Status form = form_of(bad);
  ASSERT_FALSE(form);
  EXPECT_NE(form.error().message.find(GetParam().found), std::string::npos) << form.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Headers, MailForm,
    ::testing::Values(Form{"From: no-reply", "From: reply", "From is 'reply@kp-net.com'"},
                      Form{"To: hanako@", "To: taro@", "To is 'taro@example.jp'"},
                      Form{"To: hanako@example.jp", "To: hanako@example.jp, taro@example.jp", "To is"},
                      Form{"Auto-Submitted: auto-generated\r\n", "", "Auto-Submitted is ''"},
                      Form{"=?utf-8?B?44CQ?=", "【", "not ASCII"}, Form{"text/plain", "text/html", "Content-Type is"},
                      Form{"charset=utf-8", "charset=iso-2022-jp", "Content-Type is"},
                      Form{"12:00:00 +0900", "12:00:01 +0900", "Date is"},
                      Form{"Wed, 01 Apr 2026", "Mon, 30 Mar 2026", "Date is"}));

TEST(MailFormOfAll, AGoodOneIsAccepted) {
  EXPECT_TRUE(form_of(kGood));
  start_mail_parser();
  const Time noon = parse_time("2026-04-01T12:00:00+09:00").value();
  EXPECT_FALSE(check_form({"no-reply@kp-net.com", {"hanako@example.jp", "taro@example.jp"}, kGood}, noon));
  EXPECT_FALSE(check_form({"bounce@kp-net.com", {"hanako@example.jp"}, kGood}, noon));
}

}  // namespace
}  // namespace v2x::actors
