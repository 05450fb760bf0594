#include "common/control.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "common/bad_input.hpp"

namespace v2x {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

constexpr milliseconds kPatience{10'000};  // never waited for when all is well

/// A box with a few verbs, served by a thread of its own.
class Box {
 public:
  Box(const MessagingContext& context, const std::string& endpoint) : server_(context, endpoint) {
    server_.on("add", [](const Json& arguments) -> Result<Json> {
      const auto a = argument<int>(arguments, "a"), b = argument<int>(arguments, "b");
      if (!a) return fail(a.error());
      if (!b) return fail(b.error());
      return Json{{"sum", *a + *b}};
    });
    server_.on("echo", [](const Json& arguments) -> Result<Json> { return arguments; });
    server_.on("burst", [](const Json&) -> Result<Json> { throw std::runtime_error("pipe burst"); });
    thread_ = std::thread([this] {
      while (!stopping_) server_.serve(milliseconds(20));
    });
  }
  ~Box() {
    stopping_ = true;
    thread_.join();
  }

 private:
  ControlServer server_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

class Control : public testing::Test {
 protected:
  Result<Json> call(const std::string& verb, Json arguments = {}) {
    return client.call(verb, std::move(arguments), kPatience);
  }

  MessagingContext context;
  std::string endpoint = "ipc:///tmp/v2x-control-" + std::to_string(getpid()) + ".ctl";
  Box box{context, endpoint};
  ControlClient client{context, endpoint};
};

TEST_F(Control, verb_answers_with_its_value) {
  const auto sum = call("add", {{"a", 2}, {"b", 3}});
  ASSERT_TRUE(sum) << sum.error().message;
  EXPECT_EQ((*sum)["sum"], 5);
}

TEST_F(Control, handler_sees_the_arguments_without_the_verb) {
  EXPECT_EQ(*call("echo", {{"path", "home.pcs1"}}), (Json{{"path", "home.pcs1"}}));
  EXPECT_EQ(*call("echo"), Json::object());
}

TEST_F(Control, unknown_verb_is_refused_with_the_nearest) {
  const auto refused = call("ad");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "unknown_verb");
  EXPECT_THAT(refused.error().message, HasSubstr("nearest: 'add'"));
}

TEST_F(Control, missing_and_mistyped_arguments_are_named) {
  EXPECT_EQ(call("add", {{"a", 2}}).error().code, "bad_argument");
  EXPECT_THAT(call("add", {{"a", 2}}).error().message, HasSubstr("'b' is missing"));
  EXPECT_THAT(call("add", {{"a", "two"}, {"b", 1}}).error().message, HasSubstr("'a' has the wrong type"));
}

TEST_F(Control, box_survives_an_exception_of_a_handler) {
  EXPECT_EQ(call("burst").error().code, "failed");
  EXPECT_THAT(call("burst").error().message, HasSubstr("pipe burst"));
  EXPECT_TRUE(call("add", {{"a", 1}, {"b", 1}}));
}

TEST_F(Control, request_that_is_no_json_object_with_a_verb_gets_an_error_reply) {
  RequestSocket raw(context, endpoint);
  for (const char* text : {"", "not json", "[]", "{}", "{\"verb\": 3}"}) {
    const auto reply = raw.request(text, kPatience);
    ASSERT_TRUE(reply) << text;
    EXPECT_EQ(Json::parse(*reply)["error"]["code"], "bad_request") << text;
  }
}

TEST(ControlClient, box_that_is_not_there_is_a_deadline) {
  const MessagingContext context;
  ControlClient client(context, "ipc:///tmp/v2x-nobody-" + std::to_string(getpid()) + ".ctl");
  const auto reply = client.call("hello", {}, milliseconds(10));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, "deadline");
}

TEST(ControlClient, box_that_goes_away_is_gone_at_once_and_reached_again_when_it_is_back) {
  const MessagingContext context;
  const std::string endpoint = "ipc:///tmp/v2x-gone-" + std::to_string(getpid()) + ".ctl";
  ControlClient client(context, endpoint);
  {
    const Box box(context, endpoint);
    ASSERT_TRUE(client.call("echo", {}, kPatience));
  }
  const auto reply = client.call("echo", {}, kPatience);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, "gone");
  const Box again(context, endpoint);
  EXPECT_TRUE(client.call("echo", {}, kPatience));
}

TEST(ControlClient, late_box_is_reached_by_the_same_client_and_an_old_answer_is_not_taken_for_a_new_one) {
  const MessagingContext context;
  const std::string endpoint = "ipc:///tmp/v2x-late-" + std::to_string(getpid()) + ".ctl";
  ControlClient client(context, endpoint);
  EXPECT_FALSE(client.call("echo", {{"n", 1}}, milliseconds(10)));
  const Box box(context, endpoint);
  const auto reply = client.call("echo", {{"n", 2}}, kPatience);
  ASSERT_TRUE(reply);
  EXPECT_EQ((*reply)["n"], 2);
}

TEST(ControlClient, gives_up_when_told_to) {
  const MessagingContext context;
  ControlClient client(context, "ipc:///tmp/v2x-dead-" + std::to_string(getpid()) + ".ctl");
  EXPECT_FALSE(client.call("hello", {}, kPatience, [] { return true; }));
}

TEST(ControlServer, endpoint_that_cannot_be_opened_is_bad_input) {
  const MessagingContext context;
  EXPECT_THROW(ControlServer(context, "ipc:///nowhere/at/all.ctl"), BadInput);
  EXPECT_THROW(ControlServer(context, "tcp://nonsense"), BadInput);
}

}  // namespace
}  // namespace v2x
