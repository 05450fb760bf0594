// The control socket: one JSON object per request and reply. contracts/control.md is its contract.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "common/messaging.hpp"
#include "common/result.hpp"

namespace v2x {

using Json = nlohmann::json;

/// A box's end. Verbs run on the thread that calls serve().
class ControlServer {
 public:
  /// Gets the request object without "verb"; its value becomes {"ok": value}, its error {"error": {code, message}}.
  using Verb = std::function<Result<Json>(const Json& arguments)>;

  /// `endpoint`: "ipc:///dir/name.ctl" or tcp on loopback. Throws BadInput when it cannot be opened.
  ControlServer(const MessagingContext& context, const std::string& endpoint);
  void on(const std::string& verb, Verb handler);
  /// Answers at most one request; false when none came within `timeout`. A malformed request gets an error reply,
  /// and so does an exception of a handler.
  bool serve(std::chrono::milliseconds timeout);

 private:
  Json answer(const std::string& request) const;

  ReplySocket socket_;
  std::map<std::string, Verb> verbs_;
};

/// The harness's end.
class ControlClient {
 public:
  ControlClient(const MessagingContext& context, const std::string& endpoint);
  /// The verb's value; error code "gone" or "deadline" (RequestSocket::request) when there was no reply, else the
  /// box's own error.
  Result<Json> call(const std::string& verb, Json arguments, std::chrono::milliseconds deadline,
                    const std::function<bool()>& give_up = {});

 private:
  RequestSocket socket_;
};

/// A member of a request object; a missing or mistyped one is a `bad_argument` that names it.
template <class T>
Result<T> argument(const Json& arguments, const std::string& name) {
  const auto found = arguments.find(name);
  if (found == arguments.end()) return fail("bad_argument", "'" + name + "' is missing");
  try {
    return found->template get<T>();
  } catch (const Json::exception&) {
    return fail("bad_argument", "'" + name + "' has the wrong type: " + found->dump());
  }
}

}  // namespace v2x
