#include <fmt/format.h>

#include <charconv>

#include "harness/run/perform.hpp"

namespace v2x::run {
namespace {

/// "faults.0.code" in the answer; nullptr when it is not there.
const Json* member(const Json& body, const std::string& path) {
  const Json* found = &body;
  for (size_t from = 0; from <= path.size();) {
    const size_t to = std::min(path.find('.', from), path.size());
    const std::string part = path.substr(from, to - from);
    size_t index = 0;
    const auto [end, failure] = std::from_chars(part.data(), part.data() + part.size(), index);
    const bool number = failure == std::errc() && end == part.data() + part.size();
    if (found->is_object() && found->contains(part))
      found = &(*found)[part];
    else if (found->is_array() && number && index < found->size())
      found = &(*found)[index];
    else
      return nullptr;
    from = to + 1;
  }
  return found;
}

std::string text_of(const Json* value) {
  if (value == nullptr) return "absent";
  return value->is_string() ? value->get<std::string>() : value->dump();
}

}  // namespace

StepResult perform(const scenario::Api& step, Session& session) {
  const auto answer = session.people().api(step.person, step.method, step.path, step.body);
  if (const Status settled = session.settle(); !settled) return to_result(settled);
  if (!answer) return to_result(answer.error());
  const std::string asked = fmt::format("{} {}", step.method, step.path);
  session.note({{"what", "act"}, {"who", step.person}, {"text", fmt::format("app: {} → {}", asked, answer->status)}});
  if (answer->status != step.status)
    return failed(fmt::format("{} answered {}, expected {}: {}", asked, answer->status, step.status,
                              answer->body.is_object() ? answer->body.value("detail", "") : ""));
  for (const auto& [name, wanted] : step.shows)
    if (const std::string found = text_of(member(answer->body, name)); found != wanted)
      return failed(fmt::format("{}: {} is {}, expected {}", asked, name, found, wanted));
  return passed(fmt::format("{}", answer->status));
}

}  // namespace v2x::run
