#include "sim/site/conductor.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/jst.hpp"

namespace v2x::site {

struct Conductor::Run {
  Time target;
  std::vector<Condition> until;
  std::vector<Condition> never;
  Json events = Json::array();
  size_t happenings_seen = 0;
};

Conductor::Conductor(core::Kernel& kernel, Uplinks& uplinks, Observe observe, Limits limits)
    : kernel_(kernel), uplinks_(uplinks), observe_(std::move(observe)), limits_(limits) {}

Conductor::~Conductor() = default;

Result<Json> Conductor::follow(const MessagingContext& context, const std::string& endpoint) {
  if (backend_) return fail("already_following", "a backend is followed already: unfollow it first");
  auto client = std::make_unique<ControlClient>(context, endpoint);
  auto reply = client->call("follow", Json::object(), limits_.reply);
  if (!reply) return fail(reply.error());
  backend_ = std::move(client);
  frames_announced_ = 0;
  next_due_.reset();
  uplinks_.open();
  return *reply;
}

void Conductor::unfollow() {
  uplinks_.close();
  backend_.reset();
  next_due_.reset();
}

Status Conductor::uplink_ready() {
  Json events = Json::array();
  kernel_.run_to(kernel_.now());
  if (const Status passed = pass_barrier(events); !passed) return passed;
  const auto waiting = uplinks_.waiting_for_welcome();
  if (waiting.empty()) return done();
  return fail("no_welcome",
              fmt::format("no Welcome for the gateway of {}: is its key imported?", fmt::join(waiting, ", ")));
}

Result<Stop> Conductor::advance_to(Time t, std::vector<Condition> until, std::vector<Condition> never) {
  if (t < kernel_.now())
    return fail("bad_argument", fmt::format("{} has passed, it is {}", format_time(t), format_time(kernel_.now())));
  Run run{t, std::move(until), std::move(never)};
  // People may have acted while the kernel stood still: the backend is brought to this instant first.
  bool barrier = true;
  for (Time instant = kernel_.now();; instant = next_instant(run)) {
    kernel_.run_to(instant);
    barrier = barrier || instant == run.target || backend_due() || uplinks_.frames_sent() != frames_announced_;
    Status passed = barrier ? pass_barrier(run.events) : done();
    auto stop = stopped(run);
    if (!stop && instant == run.target) stop = Stop{instant, "time", nullptr, {}};
    // Whoever looks at the backend when the run stops must find it at the kernel's time.
    if (stop && !barrier) passed = pass_barrier(run.events);
    if (!passed && passed.error().code == "gone") {
      unfollow();
      stop = Stop{instant, "backend_gone", passed.error().message, {}};
    } else if (!passed) {
      return fail(passed.error());
    }
    if (stop) {
      stop->events = std::move(run.events);
      return std::move(*stop);
    }
    barrier = false;
  }
}

Time Conductor::next_instant(const Run& run) const {
  Time next = run.target;
  if (const auto activity = kernel_.next_activity()) next = std::min(next, *activity);
  if (next_due_) next = std::min(next, std::max(*next_due_, kernel_.now()));
  for (const auto* conditions : {&run.until, &run.never})
    for (const Condition& condition : *conditions)
      if (const auto due = condition.due(); due && *due > kernel_.now()) next = std::min(next, *due);
  return next;
}

bool Conductor::backend_due() const {
  return next_due_ && *next_due_ <= kernel_.now();
}

Status Conductor::pass_barrier(Json& events) {
  if (!backend_) return done();
  for (int round = 0; round < limits_.rounds; ++round) {
    if (const Status called = call_backend(events); !called) return called;
    kernel_.run_to(kernel_.now());  // gateways act on what they got, perhaps with another frame
    if (uplinks_.frames_sent() == frames_announced_ && !backend_due()) return done();
  }
  return fail("barrier_loop", fmt::format("gateways and backend still answer each other at {} after {} rounds",
                                          format_time(kernel_.now()), limits_.rounds));
}

Status Conductor::call_backend(Json& events) {
  const std::uint64_t sent = uplinks_.frames_sent();
  const auto reply =
      backend_->call("advance_to", {{"t", format_time(kernel_.now())}, {"frames_sent", sent}}, limits_.reply);
  if (!reply) return fail(reply.error().code, "the backend's advance_to: " + reply.error().message);
  frames_announced_ = sent;
  next_due_.reset();
  if (const Json& due = reply->at("next_due"); !due.is_null()) {
    const auto t = parse_time(due.get<std::string>());
    if (!t) return fail(t.error());
    next_due_ = *t;
  }
  for (Json happening : reply->value("happened", Json::array())) {
    if (!happening.contains("t")) happening["t"] = format_time(kernel_.now());
    events.push_back(std::move(happening));
  }
  return uplinks_.take_in(reply->at("frames_down").get<std::uint64_t>(), limits_.frames);
}

std::optional<Stop> Conductor::stopped(Run& run) {
  const Time now = kernel_.now();
  const auto stop = [&](const char* cause, Json condition) { return Stop{now, cause, std::move(condition), {}}; };
  const bool exactly = !run.never.empty() || !run.until.empty();
  if (auto breach = observe_(run.events, exactly)) return stop("invariant", *breach);
  for (Condition& condition : run.never)
    if (condition.holds(now)) return stop("never", condition.json());
  for (; run.happenings_seen < run.events.size(); ++run.happenings_seen)
    for (const Condition& condition : run.until)
      if (condition.matches(run.events[run.happenings_seen])) return stop("until", condition.json());
  for (Condition& condition : run.until)
    if (condition.holds(now)) return stop("until", condition.json());
  return std::nullopt;
}

}  // namespace v2x::site
