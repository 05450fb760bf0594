#include <fmt/format.h>

#include <algorithm>

#include "harness/run/perform.hpp"

namespace v2x::run {
namespace {

using actors::View;

/// An errand is over when what it caused has happened: mails that are due now are delivered.
StepResult finish(const Status& errand, Session& session, std::string detail = {}) {
  const Status settled = session.settle();
  if (!errand) return to_result(errand, {});
  return to_result(settled, std::move(detail));
}

const scenario::Site& site_of(const std::string& name, const Session& session) {
  return *session.scenario().world.find_site(name);
}

std::string path_of(const scenario::Page& step, const Session& session) {
  if (!step.page->of_gateway) return step.page->path;
  return step.page->path + "?gw=" + site_of(step.site, session).gateway_id;
}

std::string with_gateway(std::string element, const std::string& gateway_id) {
  const std::string mark = "{gw}";
  if (const auto at = element.find(mark); at != std::string::npos) element.replace(at, mark.size(), gateway_id);
  return element;
}

StepResult check_shown(const scenario::Page& step, const View& view, const Session& session) {
  if (view.status != step.status)
    return failed(fmt::format("{} answered {}, expected {}", view.path, view.status, step.status));
  if (step.status == 200 && step.press.empty() && view.page.id() != step.page->id)
    return failed(fmt::format("page {} came, expected {} ({})", view.page.id(), step.page->id, step.page->name));
  for (const auto& [label, wanted] : step.shows) {
    const std::string element = with_gateway(*step.page->element(label), site_of(step.site, session).gateway_id);
    const auto found = view.page.text(element);
    if (!found)
      return failed(fmt::format("page {} has no {} ({}), expected 「{}」", view.page.id(), label, element, wanted));
    if (*found != wanted) return failed(fmt::format("{} is 「{}」, expected 「{}」", label, *found, wanted));
  }
  if (!step.contains.empty() && view.page.text().find(step.contains) == std::string::npos)
    return failed(fmt::format("page {} does not contain 「{}」", view.page.id(), step.contains));
  return passed();
}

StepResult add_contacts(const scenario::Contacts& step, const scenario::Dealer& dealer, Session& session) {
  for (const scenario::Contact& contact : dealer.contacts) {
    if (std::find(step.names.begin(), step.names.end(), contact.name) == step.names.end()) continue;
    if (const auto menu = session.people().open(dealer.name, "/entry/menu"); !menu) return to_result(menu.error());
    const Status added = actors::add_contact(session.people().browser(dealer.name), contact);
    if (auto result = finish(added, session); result.outcome != Outcome::passed || !step.verify) return result;
    const auto url = session.mailed_url(contact.mail, {"M-23"});
    if (!url) return to_result(url.error());
    const Status confirmed = actors::confirm_contact(session.people().browser(dealer.name), *url);
    if (auto result = finish(confirmed, session); result.outcome != Outcome::passed) return result;
  }
  return passed();
}

}  // namespace

StepResult perform(const scenario::Register& step, Session& session) {
  const auto& customer = *session.scenario().world.find_customer(step.customer);
  actors::Browser& browser = session.people().browser(step.customer);
  return finish(actors::register_account(browser, customer, site_of(step.site, session)), session);
}

StepResult perform(const scenario::DealerSignUp& step, Session& session) {
  const auto& dealer = *session.scenario().world.find_dealer(step.dealer);
  return finish(actors::sign_up(session.people().browser(step.dealer), dealer), session);
}

StepResult perform(const scenario::Activate& step, Session& session) {
  const auto& world = session.scenario().world;
  const auto* customer = world.find_customer(step.person);
  const std::string& address = customer ? customer->mail : world.find_dealer(step.person)->mail;
  const auto url = session.mailed_url(address, {"M-01", "M-01d"});
  if (!url) return to_result(url.error());
  return finish(session.people().activate(step.person, *url), session);
}

StepResult perform(const scenario::LogIn& step, Session& session) {
  return finish(session.people().log_in(step.person, step.where), session);
}

StepResult perform(const scenario::LogOut& step, Session& session) {
  return finish(actors::log_out(session.people().browser(step.person), actors::place(step.where)), session);
}

StepResult perform(const scenario::Link& step, Session& session) {
  const auto& world = session.scenario().world;
  const Status linked = session.people().link(*world.find_customer(step.customer), site_of(step.site, session),
                                              *world.find_dealer(step.dealer));
  return finish(linked, session);
}

StepResult perform(const scenario::Contacts& step, Session& session) {
  return add_contacts(step, *session.scenario().world.find_dealer(step.dealer), session);
}

StepResult perform(const scenario::Page& step, Session& session) {
  auto view = session.people().open(step.person, path_of(step, session));
  if (view && !step.press.empty()) view = session.people().browser(step.person).press(step.press, step.fill);
  if (const Status settled = session.settle(); !settled) return to_result(settled);
  if (!view) return to_result(view.error());
  return check_shown(step, *view, session);
}

}  // namespace v2x::run
