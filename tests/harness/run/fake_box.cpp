// A stand-in for v2x-sim and v2x-backend: speaks their control verbs, knows no physics, misbehaves when asked to.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <map>
#include <string>

#include "common/control.hpp"
#include "common/jst.hpp"

namespace {

using v2x::Json;
using v2x::Result;
using v2x::Time;

volatile std::sig_atomic_t stop_asked = 0;

/// What the value that is set at home.load_w makes the box do at the next advance.
enum Misdeed { none = 0, die = 1, log_error = 2, stay = 3, roll_dice = 4 };

struct Fake {
  Time now{};
  std::map<std::string, Json> values{{"home.pcs1.state", "running"}, {"home.ev.soc", 60.0}, {"home.pcs1.fault", ""}};

  Misdeed misdeed() {
    return values.count("home.load_w") ? static_cast<Misdeed>(values["home.load_w"].get<int>()) : none;
  }

  /// A trip follows an overvoltage after one second.
  Result<Json> advance(const Json& arguments) {
    if (misdeed() == die) std::_Exit(3);
    if (misdeed() == log_error) std::fprintf(stderr, "%s error fake: something broke\n", v2x::format_time(now).c_str());
    if (misdeed() == stay) std::signal(SIGTERM, SIG_IGN);
    const Time t = *v2x::parse_time(arguments["t"].get<std::string>());
    Json events = Json::array();
    if (misdeed() == roll_dice)
      events.push_back({{"t", v2x::format_time(t)}, {"what", "state"}, {"text", std::to_string(getpid())}});
    const bool high = values.count("home.grid.voltage_u") && values["home.grid.voltage_u"].get<double>() > 115;
    if (high && values["home.pcs1.fault"] == "") {
      now += std::chrono::seconds(1);
      values["home.pcs1.fault"] = "E1-1";
      events.push_back(
          {{"t", v2x::format_time(now)}, {"what", "fault"}, {"who", "home.pcs1"}, {"code", "E1-1"}, {"raised", true}});
    }
    for (const char* kind : {"until", "never"})
      for (const Json& condition : arguments[kind])
        if (holds(condition)) return stop(kind, condition, events);
    now = std::max(now, t);
    return stop("time", nullptr, events);
  }

  bool holds(const Json& condition) {
    if (!condition.contains("path")) return false;
    const Json found = value(condition["path"]);
    if (condition.contains("is")) return found == condition["is"];
    return condition.contains("below") && found.is_number() && found.get<double>() < condition["below"].get<double>();
  }

  Json stop(const std::string& cause, const Json& condition, const Json& events) const {
    return {{"stopped_at", v2x::format_time(now)}, {"cause", cause}, {"condition", condition}, {"events", events}};
  }

  Json value(const std::string& path) const {
    const auto found = values.find(path);
    return found == values.end() ? Json() : found->second;
  }

  Json read(const Json& arguments) {
    Json found = Json::object();
    for (const Json& path : arguments["paths"]) found[path.get<std::string>()] = value(path);
    return {{"values", found}};
  }
};

std::string option(int argc, char** argv, const char* name) {
  for (int i = 1; i + 1 < argc; ++i)
    if (std::strcmp(argv[i], name) == 0) return argv[i + 1];
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "gateways") == 0) return 0;
  struct sigaction action = {};
  action.sa_handler = [](int) { stop_asked = 1; };
  sigaction(SIGTERM, &action, nullptr);
  Fake fake;
  fake.now = *v2x::parse_time(option(argc, argv, "--start"));
  const v2x::MessagingContext context;
  v2x::ControlServer server(context, option(argc, argv, "--control"));
  for (const char* verb : {"follow", "unfollow", "uplink_ready", "clear"})
    server.on(verb, [](const Json&) -> Result<Json> { return Json::object(); });
  server.on("hello", [](const Json&) -> Result<Json> {
    return Json{{"program", "fake"}, {"version", "0"}, {"server_public_key", "key"}};
  });
  server.on("advance_to", [&](const Json& arguments) { return fake.advance(arguments); });
  server.on("read", [&](const Json& arguments) -> Result<Json> { return fake.read(arguments); });
  server.on("set", [&](const Json& arguments) -> Result<Json> {
    fake.values[arguments["path"]] = arguments["value"];
    return Json::object();
  });
  server.on("mails", [](const Json&) -> Result<Json> {
    return Json{
        {"decisions", {{{"id", 1}, {"kind", "M-30"}, {"to", "contact1@example.jp"}, {"decision", "held_cleared"}}}}};
  });
  const std::string ledger =
      R"({"streams": [{"stream": "s", "made": 5, "acknowledged": 4, "mark": 4, "stored": 4, "missing": 1, "doubled": 0}]})";
  server.on("ledger", [&](const Json&) -> Result<Json> { return Json::parse(ledger); });
  while (stop_asked == 0) server.serve(std::chrono::milliseconds(100));
  return 0;
}
