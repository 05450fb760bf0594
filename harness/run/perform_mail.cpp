#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "common/jst.hpp"
#include "common/units.hpp"
#include "harness/run/perform.hpp"

namespace v2x::run {
namespace {

using actors::Mail;

bool matches(const scenario::Mail& step, const Mail& mail) {
  const auto has = [&](const std::string& text) {
    return mail.body.find(text) != std::string::npos || mail.subject.find(text) != std::string::npos;
  };
  return mail.to == step.to && (step.kind.empty() || mail.kind == step.kind) &&
         (step.subject.empty() || mail.subject == step.subject) &&
         std::all_of(step.contains.begin(), step.contains.end(), has);
}

std::string description(const scenario::Mail& step) {
  std::string text = "a mail";
  if (!step.kind.empty()) text += " " + step.kind;
  text += " to " + step.to;
  if (!step.subject.empty()) text += " with the subject " + step.subject;
  for (const std::string& part : step.contains) text += fmt::format(" containing 「{}」", part);
  return text;
}

/// Matching mails that no earlier step took, in the order of arrival.
std::vector<Mail*> untaken(const scenario::Mail& step, Session& session) {
  std::vector<Mail*> found;
  for (Mail& mail : session.mails())
    if (!mail.taken && matches(step, mail)) found.push_back(&mail);
  return found;
}

/// What the backend decided about such a mail, in its own words.
std::string decisions(const scenario::Mail& step, Session& session) {
  if (!session.stage().backend().running()) return "the backend is not running";
  const auto answer = session.stage().backend().call("mails", {{"since", 0}});
  if (!answer) return answer.error().message;
  std::string text;
  for (const Json& row : answer->value("decisions", Json::array())) {
    if (!step.kind.empty() && row.value("kind", "") != step.kind) continue;
    const Json to = row.value("to", Json());
    text += fmt::format("{}{} for {}: {}", text.empty() ? "" : "; ", row.value("kind", ""),
                        to.is_string() ? to.get<std::string>() : "nobody", row.value("decision", ""));
  }
  return text.empty() ? "the backend has decided nothing about such a mail" : "decisions: " + text;
}

std::string nearest_miss(const scenario::Mail& step, Session& session) {
  for (auto mail = session.mails().rbegin(); mail != session.mails().rend(); ++mail) {
    const bool alike = mail->to == step.to || (!step.kind.empty() && mail->kind == step.kind);
    if (alike)
      return fmt::format("{} to {} 「{}」{}; {}", mail->kind, mail->to, mail->subject,
                         mail->taken ? " (an earlier step took it)" : "", decisions(step, session));
  }
  return decisions(step, session);
}

StepResult missed(const scenario::Mail& step, Session& session, const std::string& found, Time deadline) {
  StepResult result = failed(fmt::format("{}, expected {}", found, description(step)));
  result.explanation = session.explain(description(step), nearest_miss(step, session),
                                       description(step) + " by " + format_time(deadline));
  return result;
}

/// Time to the deadline, stopping at each mail of this kind.
Status wait_for_mail(const scenario::Mail& step, Time deadline, Session& session) {
  Json condition{{"happened", "mail"}, {"to", step.to}};
  if (!step.kind.empty()) condition["kind"] = step.kind;
  while (untaken(step, session).empty() && session.now() < deadline && session.breach().empty()) {
    const auto stop = session.wait_until(deadline, {condition});
    if (!stop) return fail(stop.error());
    if (stop->cause == "time") break;
  }
  return done();
}

StepResult expect_none(const scenario::Mail& step, Time deadline, Session& session) {
  if (const Status waited = wait_for_mail(step, deadline, session); !waited) return to_result(waited);
  const auto found = untaken(step, session);
  if (found.empty()) return passed();
  return failed(fmt::format("{} came at {}, expected none", description(step), format_time(found.front()->arrived)));
}

/// Judged at the deadline, over distinct Message-IDs; raw duplicates are told.
StepResult expect_exactly(const scenario::Mail& step, Time deadline, Session& session) {
  if (session.now() < deadline)
    if (const auto stop = session.advance_to(deadline); !stop) return to_result(stop.error());
  std::set<std::string> distinct;
  const auto found = untaken(step, session);
  for (Mail* mail : found) {
    mail->taken = true;
    distinct.insert(mail->message_id);
  }
  const std::string count = fmt::format("{} came", distinct.size());
  if (static_cast<int>(distinct.size()) != *step.exactly) return missed(step, session, count, deadline);
  const size_t repeated = found.size() - distinct.size();
  return passed(repeated == 0 ? count : fmt::format("{}; {} raw duplicates by Message-ID", count, repeated));
}

StepResult expect_one(const scenario::Mail& step, Time deadline, Session& session) {
  if (const Status waited = wait_for_mail(step, deadline, session); !waited) return to_result(waited);
  const auto found = untaken(step, session);
  if (found.empty()) return missed(step, session, "none came", deadline);
  found.front()->taken = true;
  return passed(fmt::format("「{}」 at {}", found.front()->subject, format_time(found.front()->arrived)));
}

}  // namespace

StepResult perform(const scenario::Mail& step, Session& session) {
  const Time deadline = session.now() + step.within.value_or(Duration(0));
  if (step.none) return expect_none(step, deadline, session);
  if (step.exactly) return expect_exactly(step, deadline, session);
  return expect_one(step, deadline, session);
}

}  // namespace v2x::run
