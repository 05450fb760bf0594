#include "harness/actors/chromium_pool.hpp"

#include "harness/actors/page_scripts.hpp"

namespace v2x::actors {
namespace {

using Json = nlohmann::json;

struct Command {
  const char* name;
  Json parameters;
};

Status give(WebDriver& chromium, const std::vector<Command>& commands) {
  for (const Command& command : commands)
    if (const auto answer = chromium.devtools(command.name, command.parameters); !answer) return fail(answer.error());
  return done();
}

/// What a person leaves behind: the page, cookies, what was stored, cached pages, the way back.
Status forget(WebDriver& chromium, const std::string& origin) {
  if (const Status gone = chromium.go("about:blank"); !gone) return gone;
  return give(chromium, {{"Network.clearBrowserCookies", Json::object()},
                         {"Network.clearBrowserCache", Json::object()},
                         {"Storage.clearDataForOrigin", {{"origin", origin}, {"storageTypes", "all"}}},
                         {"Page.resetNavigationHistory", Json::object()}});
}

}  // namespace

ChromiumPool::ChromiumPool(int driver_port, std::filesystem::path profiles)
    : driver_port_(driver_port), profiles_(std::move(profiles)) {}

Result<std::unique_ptr<WebDriver>> ChromiumPool::take() {
  if (free_.empty()) return start();
  auto chromium = std::move(free_.back());
  free_.pop_back();
  return chromium;
}

void ChromiumPool::give_back(std::unique_ptr<WebDriver> chromium, const std::string& origin) {
  if (forget(*chromium, origin)) free_.push_back(std::move(chromium));
}

Result<std::unique_ptr<WebDriver>> ChromiumPool::start() {
  auto chromium = WebDriver::start(driver_port_, profiles_ / std::to_string(++started_));
  if (!chromium) return chromium;
  const Status ready = give(**chromium, {{"Network.enable", Json::object()},
                                         {"Page.addScriptToEvaluateOnNewDocument", {{"source", scripts::kHoldTime}}}});
  if (!ready) return fail(ready.error());
  return chromium;
}

}  // namespace v2x::actors
