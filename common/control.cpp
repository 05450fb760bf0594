#include "common/control.hpp"

#include <fmt/format.h>

#include "common/nearest.hpp"

namespace v2x {
namespace {

Json error_reply(const Error& error) {
  return {{"error", {{"code", error.code}, {"message", error.message}}}};
}

}  // namespace

ControlServer::ControlServer(const MessagingContext& context, const std::string& endpoint)
    : socket_(context, endpoint) {}

void ControlServer::on(const std::string& verb, Verb handler) {
  verbs_[verb] = std::move(handler);
}

bool ControlServer::serve(std::chrono::milliseconds timeout) {
  const auto request = socket_.receive(timeout);
  if (!request) return false;
  socket_.reply(answer(*request).dump());
  return true;
}

Json ControlServer::answer(const std::string& request) const {
  Json arguments = Json::parse(request, nullptr, false);
  if (!arguments.is_object() || !arguments.contains("verb") || !arguments["verb"].is_string())
    return error_reply({"bad_request", "expected a JSON object with a \"verb\""});
  const auto name = arguments["verb"].get<std::string>();
  arguments.erase("verb");
  const auto found = verbs_.find(name);
  if (found == verbs_.end()) {
    std::vector<std::string> known;
    for (const auto& [verb, handler] : verbs_) known.push_back(verb);
    return error_reply({"unknown_verb", unknown_word(name, "verb", known)});
  }
  try {
    const Result<Json> result = found->second(arguments);
    return result ? Json{{"ok", *result}} : error_reply(result.error());
  } catch (const std::exception& error) {
    return error_reply({"failed", error.what()});
  }
}

ControlClient::ControlClient(const MessagingContext& context, const std::string& endpoint)
    : socket_(context, endpoint) {}

Result<Json> ControlClient::call(const std::string& verb, Json arguments, std::chrono::milliseconds deadline,
                                 const std::function<bool()>& give_up) {
  if (arguments.is_null()) arguments = Json::object();
  arguments["verb"] = verb;
  const auto reply = socket_.request(arguments.dump(), deadline, give_up);
  if (!reply && reply.error().code == "gone") return fail("gone", "the box went away while it should answer '" + verb + "'");
  if (!reply) return fail("deadline", fmt::format("no answer to '{}' within {} ms", verb, deadline.count()));
  const Json parsed = Json::parse(*reply, nullptr, false);
  if (parsed.is_object() && parsed.contains("ok")) return parsed["ok"];
  if (!parsed.is_object() || !parsed.contains("error")) return fail("bad_reply", "not a reply: " + *reply);
  return fail(parsed["error"].value("code", "failed"), parsed["error"].value("message", ""));
}

}  // namespace v2x
