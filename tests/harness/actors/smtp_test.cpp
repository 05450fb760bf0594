// The mail sink: the conversation as a table, and over a real socket.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/bad_input.hpp"
#include "harness/actors/smtp_sink.hpp"

namespace v2x::actors {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

TEST(SmtpConversation, KeepsAMailWithItsDotsUnstuffed) {
  SmtpConduct conduct;
  SmtpConversation smtp(conduct);
  EXPECT_EQ(smtp.feed("EHLO x\r\n"), "250-v2x mail sink\r\n250 8BITMIME\r\n");
  EXPECT_EQ(smtp.feed("MAIL FROM:<a@kp-net.com> BODY=8BITMIME\r\nRCPT TO:<b@example.jp>\r\nDATA\r\n"),
            "250 ok\r\n250 ok\r\n354 end with a dot\r\n");
  EXPECT_EQ(smtp.feed("Subject: x\r\n\r\n..dots\r\n.\r"), "");
  EXPECT_TRUE(smtp.take().empty());
  EXPECT_EQ(smtp.feed("\n"), "250 kept\r\n");
  const auto mails = smtp.take();
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].from, "a@kp-net.com");
  EXPECT_THAT(mails[0].to, ElementsAre("b@example.jp"));
  EXPECT_EQ(mails[0].data, "Subject: x\r\n\r\n.dots\r\n");
}

TEST(SmtpConversation, RefusesWhatComesOutOfOrder) {
  SmtpConduct conduct;
  SmtpConversation smtp(conduct);
  EXPECT_THAT(smtp.feed("RCPT TO:<b@example.jp>\r\n"), StartsWith("503"));
  EXPECT_THAT(smtp.feed("DATA\r\n"), StartsWith("503"));
  EXPECT_THAT(smtp.feed("TURN\r\n"), StartsWith("502"));
  EXPECT_THAT(smtp.feed("MAIL FROM:<a@b>\r\n"), StartsWith("250"));
  EXPECT_THAT(smtp.feed("MAIL FROM:<a@b>\r\n"), StartsWith("503"));
}

TEST(SmtpConversation, RsetForgetsTheMail) {
  SmtpConduct conduct;
  SmtpConversation smtp(conduct);
  smtp.feed("MAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nRSET\r\n");
  EXPECT_THAT(smtp.feed("DATA\r\n"), StartsWith("503"));
}

TEST(SmtpConversation, QuitEndsIt) {
  SmtpConduct conduct;
  SmtpConversation smtp(conduct);
  EXPECT_EQ(smtp.feed("QUIT\r\nNOOP\r\n"), "221 bye\r\n");
  EXPECT_TRUE(smtp.over());
}

TEST(SmtpConversation, ALineWithoutEndIsCutOff) {
  SmtpConduct conduct;
  SmtpConversation smtp(conduct);
  EXPECT_THAT(smtp.feed(std::string(100'000, 'x')), StartsWith("500"));
  EXPECT_TRUE(smtp.over());
}

/// A client that sends everything and reads until the server closes.
std::string talk(int port, const std::string& text) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(send(fd, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  std::string answer;
  char buffer[1024];
  for (ssize_t got = recv(fd, buffer, sizeof buffer, 0); got > 0; got = recv(fd, buffer, sizeof buffer, 0))
    answer.append(buffer, static_cast<size_t>(got));
  close(fd);
  return answer;
}

TEST(SmtpSink, HasTheMailWhenTheClientHasItsReply) {
  SmtpSink sink(0);
  const std::string answer =
      talk(sink.port(), "HELO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nhello\r\n.\r\nQUIT\r\n");
  EXPECT_THAT(answer, testing::HasSubstr("250 kept\r\n221 bye"));
  const auto mails = sink.take();
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].data, "hello\r\n");
  EXPECT_TRUE(sink.take().empty());
}

TEST(SmtpConversation, RefusesAsItsConductSays) {
  SmtpConduct conduct{SmtpKind::refuse_4xx, "b@example.jp", 1};
  SmtpConversation smtp(conduct);
  smtp.feed("MAIL FROM:<a@b>\r\n");
  EXPECT_THAT(smtp.feed("RCPT TO:<c@example.jp>\r\n"), StartsWith("250"));
  EXPECT_THAT(smtp.feed("RCPT TO:<b@example.jp>\r\n"), StartsWith("450"));
  EXPECT_THAT(smtp.feed("RCPT TO:<b@example.jp>\r\n"), StartsWith("250")) << "once only";
  conduct = {SmtpKind::refuse_5xx};
  EXPECT_THAT(smtp.feed("RCPT TO:<b@example.jp>\r\n"), StartsWith("550"));
}

TEST(SmtpConversation, DropAfterDataKeepsTheMailAndHangsUp) {
  SmtpConduct conduct{SmtpKind::drop_after_data};
  SmtpConversation smtp(conduct);
  EXPECT_EQ(smtp.feed("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nx\r\n.\r\n"),
            "250 ok\r\n250 ok\r\n354 end with a dot\r\n");
  EXPECT_TRUE(smtp.over());
  EXPECT_EQ(smtp.take().size(), 1u);
}

/// Whether somebody listens.
bool accepts(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool connected = connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return connected;
}

TEST(SmtpSink, IsDownAndUpAgainOnItsPort) {
  SmtpSink sink(0);
  const int port = sink.port();
  sink.behave({SmtpKind::down});
  EXPECT_FALSE(accepts(port));
  sink.behave({SmtpKind::up});
  EXPECT_TRUE(accepts(port));
  EXPECT_EQ(sink.port(), port);
}

TEST(SmtpSink, RefusesAPortThatIsTaken) {
  SmtpSink first(0);
  EXPECT_THROW(SmtpSink(first.port()), BadInput);
}

}  // namespace
}  // namespace v2x::actors
