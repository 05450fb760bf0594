// The barrier of contracts/control.md, one test for each race that it closes. The backend's end is a thread with a
// real control socket; the gateways' end is a script of frames.
#include "sim/site/conductor.hpp"

#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "common/jst.hpp"
#include "common/scratch_directory.hpp"
#include "sim/core/act_queue_module.hpp"

namespace v2x::site {
namespace {

using namespace std::chrono_literals;

const Time kStart = *parse_time("2026-04-01T12:00:00");

/// Gateways that send when told to and answer frames when told to.
class ScriptedUplinks : public Uplinks {
 public:
  void open() override {
    log.push_back("open");
    sent = 0;
  }
  void close() override { log.push_back("close"); }
  std::uint64_t frames_sent() const override { return sent; }
  Status take_in(std::uint64_t frames, std::chrono::milliseconds) override {
    taken += frames;
    for (std::uint64_t i = 0; i < frames && answers_left > 0; ++i, --answers_left) ++sent;
    return done();
  }
  std::vector<std::string> waiting_for_welcome() const override { return {}; }

  std::uint64_t sent = 0;
  std::uint64_t taken = 0;
  int answers_left = 0;  // how many of the frames taken in are answered with a frame at the same instant
  std::vector<std::string> log;
};

/// A backend's control end: notes each advance_to; answers with what the test lays down.
class ScriptedBackend {
 public:
  ScriptedBackend()
      : endpoint_("ipc://" + (scratch_.path() / "backend.ctl").string()), server_(std::in_place, context_, endpoint_) {
    server_->on("follow", [](const Json&) -> Result<Json> { return Json{{"next_due", nullptr}}; });
    server_->on("advance_to", [this](const Json& arguments) -> Result<Json> { return advance(arguments); });
    thread_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) server_->serve(20ms);
    });
  }
  ~ScriptedBackend() {
    if (thread_.joinable()) vanish();
  }

  /// As a killed process does: its end of the connection is closed without a word.
  void vanish() {
    thread_.request_stop();
    thread_.join();
    server_.reset();
  }

  const std::string& endpoint() const { return endpoint_; }
  const MessagingContext& context() const { return context_; }

  struct Call {
    Time t;
    std::uint64_t frames_sent;
    bool operator==(const Call&) const = default;
  };
  std::vector<Call> calls;   // written by the server's thread between request and reply: the client is ordered by it
  std::vector<Time> timers;  // due instants, ascending
  std::uint64_t down_per_frame = 1;
  std::map<Time, Json> happenings;

 private:
  Result<Json> advance(const Json& arguments) {
    const Time t = *parse_time(arguments["t"].get<std::string>());
    const auto sent = arguments["frames_sent"].get<std::uint64_t>();
    const std::uint64_t before = calls.empty() ? 0 : calls.back().frames_sent;
    calls.push_back({t, sent});
    while (!timers.empty() && timers.front() <= t) timers.erase(timers.begin());
    Json happened = Json::array();
    if (const auto found = happenings.find(t); found != happenings.end()) happened.push_back(found->second);
    happenings.erase(t);
    return Json{{"next_due", timers.empty() ? Json(nullptr) : Json(format_time(timers.front()))},
                {"frames_down", (sent - before) * down_per_frame},
                {"happened", happened}};
  }

  ScratchDirectory scratch_;
  std::string endpoint_;
  MessagingContext context_;
  std::optional<ControlServer> server_;
  std::jthread thread_;
};

class ConductorTest : public testing::Test {
 protected:
  core::Kernel kernel{kStart};
  core::ActQueueModule acts{"acts", kernel};
  ScriptedUplinks uplinks;
  ScriptedBackend backend;
  std::optional<std::string> breach;
  Conductor conductor{
      kernel, uplinks, [this](Json&, bool) { return breach; }, {.reply = 5s, .frames = 5s, .rounds = 10}};

  void follow() { ASSERT_TRUE(conductor.follow(backend.context(), backend.endpoint())); }
  void send_at(Time t) {
    acts.at(t, [this] { ++uplinks.sent; });
  }
  Stop run(Time t, std::vector<Json> until = {}) {
    std::vector<Condition> conditions;
    for (const Json& json : until) conditions.push_back(*Condition::parse(json, PathIndex()));
    auto stop = conductor.advance_to(t, std::move(conditions), {});
    EXPECT_TRUE(stop) << (stop ? "" : stop.error().message);
    return *stop;
  }
  using Calls = std::vector<ScriptedBackend::Call>;
};

TEST_F(ConductorTest, a_frame_reaches_the_backend_at_the_instant_it_was_sent_and_not_later) {
  follow();
  send_at(kStart + 1min);
  run(kStart + 10min);
  EXPECT_EQ(backend.calls, (Calls{{kStart, 0}, {kStart + 1min, 1}, {kStart + 10min, 1}}));
  EXPECT_EQ(uplinks.taken, 1U) << "its answer is taken in before time goes on";
}

TEST_F(ConductorTest, frames_that_several_gateways_send_at_one_instant_are_announced_together) {
  follow();
  for (int i = 0; i < 3; ++i) send_at(kStart + 1min);
  run(kStart + 2min);
  EXPECT_EQ(backend.calls, (Calls{{kStart, 0}, {kStart + 1min, 3}, {kStart + 2min, 3}}));
}

TEST_F(ConductorTest, an_answer_that_is_answered_at_the_same_instant_passes_the_barrier_again_before_time_goes_on) {
  follow();
  send_at(kStart + 1min);
  uplinks.answers_left = 2;  // as a Gap makes a gateway resend at once
  run(kStart + 2min);
  EXPECT_EQ(backend.calls,
            (Calls{{kStart, 0}, {kStart + 1min, 1}, {kStart + 1min, 2}, {kStart + 1min, 3}, {kStart + 2min, 3}}));
}

TEST_F(ConductorTest, boxes_that_never_stop_answering_each_other_are_an_error_and_no_endless_run) {
  follow();
  send_at(kStart + 1min);
  uplinks.answers_left = 1'000'000;
  const auto stop = conductor.advance_to(kStart + 2min, {}, {});
  ASSERT_FALSE(stop);
  EXPECT_EQ(stop.error().code, "barrier_loop");
}

TEST_F(ConductorTest, the_backends_timer_is_an_event_on_the_timeline) {
  backend.timers = {kStart + 90s, kStart + 5min};
  follow();
  run(kStart + 10min);
  EXPECT_EQ(backend.calls, (Calls{{kStart, 0}, {kStart + 90s, 0}, {kStart + 5min, 0}, {kStart + 10min, 0}}));
}

TEST_F(ConductorTest, a_timer_that_is_already_due_when_the_kernel_resumes_runs_before_anything_else) {
  follow();
  run(kStart + 1min);
  backend.timers = {kStart + 30s};  // people acted while the kernel stood still
  send_at(kStart + 2min);
  run(kStart + 3min);
  EXPECT_EQ(backend.calls[2], (ScriptedBackend::Call{kStart + 1min, 0}));
  EXPECT_EQ(backend.calls[3], (ScriptedBackend::Call{kStart + 2min, 1}));
}

TEST_F(ConductorTest, until_a_happening_stops_at_the_instant_it_happened) {
  backend.timers = {kStart + 7min};
  backend.happenings[kStart + 7min] = {{"what", "mail"}, {"to", "a@example.jp"}, {"kind", "M-30"}};
  follow();
  const Stop stop = run(kStart + 11min, {{{"happened", "mail"}, {"kind", "M-30"}}});
  EXPECT_EQ(stop.at, kStart + 7min);
  EXPECT_EQ(stop.cause, "until");
  EXPECT_EQ(stop.events.size(), 1U);
}

TEST_F(ConductorTest, a_happening_that_differs_in_one_member_does_not_stop) {
  backend.timers = {kStart + 7min};
  backend.happenings[kStart + 7min] = {{"what", "mail"}, {"to", "a@example.jp"}, {"kind", "M-31"}};
  follow();
  EXPECT_EQ(run(kStart + 11min, {{{"happened", "mail"}, {"kind", "M-30"}}}).cause, "time");
}

TEST_F(ConductorTest, a_broken_invariant_stops_the_run_and_the_process_lives_on) {
  follow();
  acts.at(kStart + 1min, [this] { breach = "N1 of home is off by 3 W"; });
  const Stop stop = run(kStart + 2min);
  EXPECT_EQ(stop.cause, "invariant");
  EXPECT_EQ(stop.at, kStart + 1min);
  EXPECT_EQ(backend.calls.back().t, kStart + 1min) << "the backend is at the kernel's time when the run stops";
  breach.reset();
  EXPECT_EQ(run(kStart + 2min).cause, "time");
}

TEST_F(ConductorTest, a_killed_backend_is_unfollowed_and_followed_again_with_counts_from_zero) {
  follow();
  send_at(kStart + 1min);
  run(kStart + 2min);
  conductor.unfollow();
  send_at(kStart + 3min);
  run(kStart + 4min);
  EXPECT_EQ(backend.calls.size(), 3U) << "nobody is called while nobody is followed";
  backend.calls.clear();
  follow();
  EXPECT_EQ(uplinks.log, (std::vector<std::string>{"open", "close", "open"}));
  send_at(kStart + 5min);
  run(kStart + 5min);
  EXPECT_EQ(backend.calls, (Calls{{kStart + 4min, 0}, {kStart + 5min, 1}}));
}

TEST_F(ConductorTest, a_backend_that_never_answers_is_an_error_of_the_bench) {
  Conductor impatient(kernel, uplinks, [](Json&, bool) { return std::nullopt; },
                      {.reply = 50ms, .frames = 50ms, .rounds = 10});
  const auto followed = impatient.follow(backend.context(), "ipc:///tmp/v2x-nobody-listens.ctl");
  ASSERT_FALSE(followed);
  EXPECT_EQ(followed.error().code, "deadline");
}

TEST_F(ConductorTest, a_backend_that_goes_away_stops_the_run_at_once_and_is_followed_no_more) {
  follow();
  run(kStart + 1min);
  backend.vanish();
  send_at(kStart + 2min);
  const Stop stop = run(kStart + 3min);
  EXPECT_EQ(stop.cause, "backend_gone");
  EXPECT_EQ(stop.at, kStart + 1min);
  EXPECT_EQ(uplinks.log, (std::vector<std::string>{"open", "close"}));
  EXPECT_EQ(run(kStart + 3min).cause, "time") << "time goes on without it";
}

TEST_F(ConductorTest, time_never_runs_back) {
  run(kStart + 1min);
  const auto stop = conductor.advance_to(kStart, {}, {});
  ASSERT_FALSE(stop);
  EXPECT_EQ(stop.error().code, "bad_argument");
}

}  // namespace
}  // namespace v2x::site
