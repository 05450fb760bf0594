#include <fmt/format.h>

#include "common/jst.hpp"
#include "common/units.hpp"
#include "harness/run/perform.hpp"

namespace v2x::run {
namespace {

using actors::View;

constexpr const char* kSettings = "/ctrl/settings?gw=";
constexpr const char* kResult = "/ctrl/settingsResult?req=";
constexpr Duration kLongest = std::chrono::seconds(120);  // beyond every deadline of a request (SET-02)
constexpr const char* kFinalStates[] = {"done", "refused", "timeout", "cancelled"};

/// Whether M10 still waits for the gateway. A read that is done leads on to M08.
Result<bool> is_open(const std::string& person, const std::string& request, Session& session) {
  const auto view = session.people().browser(person).open(kResult + request);
  if (!view) return fail(view.error());
  const std::string state = view->page.attribute("#request", "data-state").value_or("");
  return state == "queued" || state == "sent";
}

/// Until the request is final; what the page would wait for is advanced here.
StepResult wait_for(const std::string& person, const std::string& request, Session& session) {
  const auto open = is_open(person, request, session);
  if (!open) return to_result(open.error());
  if (!*open) return passed();
  std::vector<Json> until;
  for (const char* state : kFinalStates)
    until.push_back({{"happened", "command"}, {"request", std::stoll(request)}, {"state", state}});
  const auto stop = session.wait_until(session.now() + kLongest, until);
  if (!stop) return to_result(stop.error());
  if (stop->cause != "until")
    return failed(fmt::format("request {} is still open after {}", request, format_duration(kLongest)));
  return passed();
}

/// The result page, opened anew as its own refresh would.
StepResult check_result(const std::string& person, const std::string& request, const std::string& wanted,
                        Session& session) {
  const auto view = session.people().browser(person).open(kResult + request);
  if (!view) return to_result(view.error());
  const auto found = view->page.text("#result");
  if (!found) return failed(fmt::format("page {} ({}) shows no #result", view->page.id(), view->status));
  if (*found != wanted) return failed(fmt::format("the result is 「{}」, expected 「{}」", *found, wanted));
  return passed(*found);
}

/// M08 as it is now, logged in.
Result<View> open_settings(const std::string& person, const std::string& site, Session& session) {
  return session.people().open(person, kSettings + session.scenario().world.find_site(site)->gateway_id);
}

/// An errand whose end is a request: settled, and waited for unless it was refused as wanted.
StepResult finish(const std::string& person, const Result<std::string>& asked, bool wait, Session& session) {
  if (const Status settled = session.settle(); !settled) return to_result(settled);
  if (!asked) return to_result(asked.error());
  return asked->empty() || !wait ? passed() : wait_for(person, *asked, session);
}

}  // namespace

StepResult perform(const scenario::ReadSettings& step, Session& session) {
  if (const auto opened = open_settings(step.person, step.site, session); !opened) return to_result(opened.error());
  const auto asked = actors::read_settings(session.people().browser(step.person), step.refused);
  const StepResult result = finish(step.person, asked, true, session);
  if (result.outcome != Outcome::passed || asked->empty()) return result;
  if (step.result.empty()) {
    // Its result page leads on to the values.
    const auto view = session.people().browser(step.person).open(kResult + *asked);
    return to_result(actors::expect_page(view, "M08"));
  }
  return check_result(step.person, *asked, step.result, session);
}

StepResult perform(const scenario::ChangeSettings& step, Session& session) {
  const auto opened = open_settings(step.person, step.site, session);
  if (!opened) return to_result(opened.error());
  const bool known = opened->page.count("#btn-next") > 0;
  if (!known && opened->status == 200 && opened->page.count("#btn-read") > 0) {
    const StepResult read = perform(scenario::ReadSettings{step.person, step.site, {}, ""}, session);
    if (read.outcome != Outcome::passed) return read;
  }
  const scenario::Site& site = *session.scenario().world.find_site(step.site);
  const auto asked = actors::change_settings(session.people().browser(step.person), site, step.deviation);
  const StepResult result = finish(step.person, asked, step.wait, session);
  if (result.outcome != Outcome::passed || asked->empty() || !step.wait) return result;
  return check_result(step.person, *asked, step.result, session);
}

StepResult perform(const scenario::Weather& step, Session& session) {
  world::WeatherFile& weather = session.stage().weather();
  if (!step.tomorrow.empty()) weather.set_forecast(step.area, jst_midnight(session.now(), 1), step.tomorrow);
  if (step.warning) weather.set_warning(step.area, *step.warning);
  if (const Status written = weather.write(); !written) return to_result(written);
  session.note({{"what", "act"}, {"who", "weather"}, {"text", step.shown}});
  return passed();
}

}  // namespace v2x::run
