#include "harness/actors/web_driver.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <string_view>

namespace v2x::actors {
namespace {

using Json = nlohmann::json;

constexpr int kTimeoutSeconds = 60;         // wall time: starting Chromium on a busy machine
constexpr int kPageLoadTimeoutMs = 30'000;  // wall time: argon2id on a busy machine
constexpr const char* kJson = "application/json";

/// --no-sandbox and --disable-gpu: containers and root. The rest keeps Chromium from talking to anyone but the service,
/// and pictures the same on every machine.
Json chromium_arguments(const std::filesystem::path& profile) {
  return {"--headless=new",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-dev-shm-usage",
          "--disable-quic",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-default-apps",
          "--disable-extensions",
          "--disable-sync",
          "--no-first-run",
          "--hide-scrollbars",
          "--force-device-scale-factor=1",
          "--lang=ja",
          "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
          "--remote-debugging-pipe",  // Chromium ends when chromedriver does, even when that was killed
          "--user-data-dir=" + profile.string()};
}

Json capabilities(const std::filesystem::path& profile) {
  const Json chromium{{"args", chromium_arguments(profile)}};
  const Json wanted{{"browserName", "chrome"},
                    {"timeouts", {{"pageLoad", kPageLoadTimeoutMs}, {"script", kPageLoadTimeoutMs}}},
                    {"goog:chromeOptions", chromium}};
  return {{"capabilities", {{"alwaysMatch", wanted}}}};
}

std::unique_ptr<httplib::Client> connect(int port) {
  auto client = std::make_unique<httplib::Client>("127.0.0.1", port);
  client->set_keep_alive(true);
  client->set_tcp_nodelay(true);
  client->set_read_timeout(kTimeoutSeconds);
  return client;
}

/// WebDriver §6.6: {"value": {"error": code, "message": text}}. Messages go on with lines about Chromium's version.
Error error_of(const Json& value) {
  const std::string word = value.value("error", "unknown error");
  const std::string message = value.value("message", "");
  const std::string line = message.substr(0, message.find('\n'));
  for (const std::string_view of_page :
       {"no such element", "element not interactable", "element click intercepted", "stale element reference"})
    if (word == of_page) return {"page", line};
  const bool unreachable = word == "timeout" || line.find("net::ERR_") != std::string::npos;
  return {unreachable ? "http" : "bench", fmt::format("chromium: {}", line.empty() ? word : line)};
}

Result<Json> value_of(const httplib::Result& answer) {
  if (!answer) return fail("bench", "chromedriver gave no answer: " + httplib::to_string(answer.error()));
  const Json json = Json::parse(answer->body, nullptr, false);
  if (!json.is_object() || !json.contains("value"))
    return fail("bench", fmt::format("chromedriver answered {} without a value", answer->status));
  if (answer->status != 200) return fail(error_of(json["value"]));
  return json["value"];
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

bool driver_is_ready(int port) {
  httplib::Client client("127.0.0.1", port);
  const auto status = value_of(client.Get("/status"));
  return status && status->value("ready", false);
}

WebDriver::WebDriver(int driver_port, std::string session)
    : client_(connect(driver_port)), session_(std::move(session)) {}

WebDriver::~WebDriver() {
  client_->Delete(session_);
}

Result<std::unique_ptr<WebDriver>> WebDriver::start(int driver_port, const std::filesystem::path& profile) {
  const auto made = value_of(connect(driver_port)->Post("/session", dump(capabilities(profile)), kJson));
  if (!made) return fail("bench", "Chromium did not start: " + made.error().message);
  const std::string id = made->value("sessionId", "");
  return std::make_unique<WebDriver>(driver_port, "/session/" + id);
}

Result<Json> WebDriver::post(const std::string& command, const Json& body) {
  return value_of(client_->Post(session_ + command, dump(body), kJson));
}

Status WebDriver::go(const std::string& url) {
  const auto gone = post("/url", {{"url", url}});
  return gone ? done() : Status(fail(gone.error()));
}

Status WebDriver::back() {
  const auto gone = post("/back", Json::object());
  return gone ? done() : Status(fail(gone.error()));
}

Result<Json> WebDriver::script(const std::string& body, const Json& arguments) {
  return post("/execute/sync", {{"script", body}, {"args", arguments}});
}

Status WebDriver::click(const std::string& element) {
  const bool id = element.rfind('#', 0) == 0;
  const auto found = post("/element", {{"using", id ? "css selector" : "xpath"}, {"value", element}});
  if (!found) return fail(found.error());
  if (!found->is_object() || found->empty()) return fail("bench", "chromedriver found an element without an id");
  const auto clicked = post("/element/" + found->begin()->get<std::string>() + "/click", Json::object());
  return clicked ? done() : Status(fail(clicked.error()));
}

Result<Json> WebDriver::devtools(const std::string& command, const Json& parameters) {
  return post("/goog/cdp/execute", {{"cmd", command}, {"params", parameters}});
}

}  // namespace v2x::actors
