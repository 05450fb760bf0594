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

std::string with_gateway(std::string element, const std::string& site, const Session& session) {
  const std::string mark = "{gw}";
  if (const auto at = element.find(mark); at != std::string::npos)
    element.replace(at, mark.size(), site_of(site, session).gateway_id);
  return element;
}

/// The page that must be shown in the end; nullptr when any will do.
const scenario::PageName* final_page(const scenario::Page& step) {
  if (step.leads_to) return step.leads_to;
  const bool stays = step.press.empty() && step.status.value_or(200) == 200;
  return stays || !step.shows.empty() ? step.page : nullptr;
}

StepResult check_labels(const scenario::Page& step, const View& view, const Session& session) {
  for (const auto& [label, wanted] : step.shows) {
    const std::string element = with_gateway(*final_page(step)->element(label), step.site, session);
    const auto found = view.page.text(element);
    if (!found)
      return failed(fmt::format("page {} has no {} ({}), expected 「{}」", view.page.id(), label, element, wanted));
    if (*found != wanted) return failed(fmt::format("{} is 「{}」, expected 「{}」", label, *found, wanted));
  }
  return passed();
}

StepResult check_shown(const scenario::Page& step, const View& view, const Session& session) {
  if (step.refused.wanted())
    if (const Status refused = actors::expect_refusal(view, step.refused); !refused) return to_result(refused);
  if (const int wanted = step.status.value_or(step.refused.wanted() ? view.status : 200); view.status != wanted)
    return failed(fmt::format("{} answered {}, expected {}", view.path, view.status, wanted));
  const scenario::PageName* page = final_page(step);
  if (page && view.page.id() != page->id)
    return failed(fmt::format("page {} came, expected {} ({})", view.page.id(), page->id, page->name));
  for (const std::string& text : step.contains)
    if (view.page.text().find(text) == std::string::npos)
      return failed(fmt::format("page {} does not contain 「{}」", view.page.id(), text));
  for (const std::string& text : step.lacks)
    if (view.page.text().find(text) != std::string::npos)
      return failed(fmt::format("page {} contains 「{}」, which it must not", view.page.id(), text));
  return check_labels(step, view, session);
}

/// Through Chromium a page that stays must have updated itself in place: a reload loses what a person had entered, and
/// where they were.
Status check_renewal(const scenario::Page& step, const View& view, Via via) {
  const bool reloaded = step.begin == scenario::Page::Begin::renew && view.renewal == actors::Renewal::reloaded;
  if (via == Via::http || !reloaded || step.leads_to) return done();
  return fail("page", fmt::format("page {} was loaded anew, expected it to update itself in place", view.page.id()));
}

/// The page that a page step begins with.
Result<View> begin(const scenario::Page& step, Session& session) {
  actors::Browser& browser = session.people().browser(step.person);
  switch (step.begin) {
    case scenario::Page::Begin::open: {
      const std::string path = path_of(step, session);
      return step.log_in ? session.people().open(step.person, path) : browser.open(path);
    }
    case scenario::Page::Begin::follow: {
      const auto url = session.mailed_url(session.people().mail_of(step.person), {step.mail});
      return url ? browser.open(*url) : Result<View>(fail(url.error()));
    }
    case scenario::Page::Begin::back:
      return browser.back();
    case scenario::Page::Begin::renew:
      return browser.wait_for_renewal();
    case scenario::Page::Begin::stay:
      break;
  }
  if (!browser.shown()) return fail("page", step.person + " has no page open, expected 'open' in an earlier step");
  return *browser.shown();
}

StepResult add_contacts(const scenario::Contacts& step, const scenario::Dealer& dealer, Session& session) {
  for (const scenario::Contact& contact : dealer.contacts) {
    if (std::find(step.names.begin(), step.names.end(), contact.name) == step.names.end()) continue;
    if (const auto place = session.people().enter(dealer.name); !place) return to_result(place.error());
    const Status added = actors::add_contact(session.people().browser(dealer.name), contact, step.deviation);
    const bool verify = step.verify && !step.deviation.refused.wanted();
    if (auto result = finish(added, session); result.outcome != Outcome::passed || !verify) return result;
    const auto url = session.mailed_url(contact.mail, {"M-23"});
    if (!url) return to_result(url.error());
    const Status confirmed = actors::confirm_contact(session.people().browser(dealer.name), *url);
    if (auto result = finish(confirmed, session); result.outcome != Outcome::passed) return result;
  }
  return passed();
}

/// What an errand entered in place of the usual value; nullptr when it was refused or didn't touch that field.
const std::string* entered(const scenario::Deviation& deviation, const std::string& field, const StepResult& result) {
  if (result.outcome != Outcome::passed || deviation.refused.wanted()) return nullptr;
  for (const auto& [name, text] : deviation.with)
    if (name == field) return &text;
  return nullptr;
}

/// An errand behind the login of the person's own site.
template <class Errand>
StepResult errand_of(const std::string& person, Session& session, Errand errand) {
  const auto place = session.people().enter(person);
  if (!place) return to_result(place.error());
  return finish(errand(session.people().browser(person), *place), session);
}

}  // namespace

StepResult perform(const scenario::Register& step, Session& session) {
  const auto& customer = *session.scenario().world.find_customer(step.customer);
  actors::Browser& browser = session.people().browser(step.customer);
  const StepResult result =
      finish(actors::register_account(browser, customer, site_of(step.site, session), step.deviation), session);
  if (const auto* mail = entered(step.deviation, "mail", result)) session.people().learn_mail(step.customer, *mail);
  return result;
}

StepResult perform(const scenario::DealerSignUp& step, Session& session) {
  const auto& dealer = *session.scenario().world.find_dealer(step.dealer);
  const StepResult result =
      finish(actors::sign_up(session.people().browser(step.dealer), dealer, step.deviation), session);
  if (const auto* mail = entered(step.deviation, "mail", result)) session.people().learn_mail(step.dealer, *mail);
  return result;
}

StepResult perform(const scenario::Activate& step, Session& session) {
  const auto& world = session.scenario().world;
  actors::People& people = session.people();
  const auto url = session.mailed_url(people.mail_of(step.person), {"M-01", "M-01d"});
  if (!url) return to_result(url.error());
  actors::Browser& browser = people.browser(step.person);
  Status activated = done();
  if (const auto* customer = world.find_customer(step.person)) {
    activated = actors::activate_account(browser, *customer, *url, step.deviation);
  } else {
    const auto id = actors::activate_dealer(browser, *world.find_dealer(step.person), *url, step.deviation);
    if (id && !id->empty()) people.learn_dealer_id(step.person, *id);
    if (!id) activated = fail(id.error());
  }
  const StepResult result = finish(activated, session);
  if (const auto* password = entered(step.deviation, "password", result)) people.learn_password(step.person, *password);
  return result;
}

StepResult perform(const scenario::LogIn& step, Session& session) {
  const auto known = session.people().known(step.person);
  if (!known) return to_result(known.error());
  actors::Browser& browser = session.people().browser(step.person);
  return finish(actors::log_in(browser, actors::place(step.where), *known, step.deviation), session);
}

StepResult perform(const scenario::LogOut& step, Session& session) {
  return finish(actors::log_out(session.people().browser(step.person), actors::place(step.where)), session);
}

StepResult perform(const scenario::Claim& step, Session& session) {
  const auto& customer = *session.scenario().world.find_customer(step.customer);
  return errand_of(step.customer, session, [&](actors::Browser& browser, const actors::Place&) {
    return actors::claim_gateway(browser, customer, site_of(step.site, session), step.deviation);
  });
}

StepResult perform(const scenario::Link& step, Session& session) {
  const auto& dealer = *session.scenario().world.find_dealer(step.dealer);
  const auto known = session.people().known(step.dealer);
  if (!known) return to_result(known.error());
  return errand_of(step.customer, session, [&](actors::Browser& browser, const actors::Place&) {
    return actors::link_dealer(browser, site_of(step.site, session), dealer, known->user, step.deviation);
  });
}

StepResult perform(const scenario::Unlink& step, Session& session) {
  const auto known = session.people().known(step.dealer);
  if (!known) return to_result(known.error());
  return errand_of(step.person, session, [&](actors::Browser& browser, const actors::Place& place) {
    const scenario::Site& site = site_of(step.site, session);
    return place.name == "entry" ? actors::end_care(browser, site, step.deviation)
                                 : actors::unlink_dealer(browser, site, known->user, step.deviation);
  });
}

StepResult perform(const scenario::Release& step, Session& session) {
  const auto known = session.people().known(step.customer);
  if (!known) return to_result(known.error());
  return errand_of(step.customer, session, [&](actors::Browser& browser, const actors::Place&) {
    return actors::release_gateway(browser, site_of(step.site, session), known->password, step.deviation);
  });
}

StepResult perform(const scenario::ChangeProfile& step, Session& session) {
  actors::People& people = session.people();
  const auto known = people.known(step.person);
  if (!known) return to_result(known.error());
  StepResult result = errand_of(step.person, session, [&](actors::Browser& browser, const actors::Place& place) {
    return actors::change_profile(browser, place, known->password, step.deviation);
  });
  const auto* mail = entered(step.deviation, "mail", result);
  if (!mail || !step.verify) return result;
  const auto url = session.mailed_url(*mail, {"M-06"});
  if (!url) return to_result(url.error());
  result = finish(actors::confirm_mail(people.browser(step.person), *url), session);
  if (result.outcome == Outcome::passed) people.learn_mail(step.person, *mail);
  return result;
}

StepResult perform(const scenario::ChangePassword& step, Session& session) {
  const auto known = session.people().known(step.person);
  if (!known) return to_result(known.error());
  StepResult result = errand_of(step.person, session, [&](actors::Browser& browser, const actors::Place& place) {
    return actors::change_password(browser, place, known->password, step.to, step.deviation);
  });
  if (result.outcome == Outcome::passed && !step.deviation.refused.wanted())
    session.people().learn_password(step.person, step.to);
  return result;
}

StepResult perform(const scenario::ForgotPassword& step, Session& session) {
  actors::People& people = session.people();
  const auto known = people.known(step.person);
  if (!known) return to_result(known.error());
  const auto& world = session.scenario().world;
  const actors::Place& place = actors::place(world.find_customer(step.person) ? "management" : "entry");
  actors::Browser& browser = people.browser(step.person);
  StepResult result = finish(actors::ask_for_password(browser, place, known->user), session);
  if (result.outcome != Outcome::passed) return result;
  const auto url = session.mailed_url(people.mail_of(step.person), {"M-04"});
  if (!url) return to_result(url.error());
  const scenario::Person& person = *world.find_person(step.person);
  result = finish(actors::set_password(browser, person, *url, step.to, step.deviation), session);
  if (result.outcome == Outcome::passed && !step.deviation.refused.wanted())
    people.learn_password(step.person, step.to);
  return result;
}

StepResult perform(const scenario::Contacts& step, Session& session) {
  return add_contacts(step, *session.scenario().world.find_dealer(step.dealer), session);
}

StepResult perform(const scenario::Page& step, Session& session) {
  actors::Browser& browser = session.people().browser(step.person);
  browser.take_pictures(step.screenshot);
  auto view = begin(step, session);
  if (view && !step.press.empty()) view = browser.press(step.press, step.fill);
  browser.take_pictures(false);
  if (const Status settled = session.settle(); !settled) return to_result(settled);
  if (!view) return to_result(view.error());
  if (const Status renewed = check_renewal(step, *view, session.via()); !renewed) return to_result(renewed);
  return check_shown(step, *view, session);
}

}  // namespace v2x::run
