// A client of W3C WebDriver (w3.org/TR/webdriver2) for Debian's chromedriver: one session is one Chromium.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "common/result.hpp"

namespace httplib {
class Client;
}

namespace v2x::actors {

/// Whether chromedriver answers on 127.0.0.1:`port` that it takes new sessions.
bool driver_is_ready(int port);

/// Ends its Chromium when it goes. Belongs to one thread. Errors:
/// "page" when an element is missing or can't be pressed, "http" when a page didn't load, "bench" otherwise.
class WebDriver {
 public:
  using Json = nlohmann::json;

  /// For a session that exists: see start().
  WebDriver(int driver_port, std::string session);
  /// `profile` is a directory of its own for cookies and caches.
  static Result<std::unique_ptr<WebDriver>> start(int driver_port, const std::filesystem::path& profile);
  ~WebDriver();
  WebDriver(const WebDriver&) = delete;
  WebDriver& operator=(const WebDriver&) = delete;

  Status go(const std::string& url);
  Status back();
  /// Runs a function's body on the page with `arguments`, an array; what it returns.
  Result<Json> script(const std::string& body, const Json& arguments = Json::array());
  /// As a hand would: scrolls there, and refuses what is hidden or covered. `element` is "#id" or an XPath.
  Status click(const std::string& element);
  /// A command of the Chrome DevTools Protocol.
  Result<Json> devtools(const std::string& command, const Json& parameters);

 private:
  Result<Json> post(const std::string& command, const Json& body);

  std::unique_ptr<httplib::Client> client_;
  std::string session_;  ///< "/session/<id>"
};

}  // namespace v2x::actors
